"""`python -m workers.attempt`: one attempt of a run that has no server. Only a local run starts it."""

from workers.attempt.alone import main

if __name__ == "__main__":
    main()
