"""Write the 1,797 handwritten digits of the UCI repository, which come with scikit-learn, as PNG in class folders.

    python make_data.py FOLDER

The folder is filled beside its place and renamed, so that it is either there with every image or not there.
"""

import os
import shutil
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

BRIGHTEST = 16  # the original has 17 shades


def main() -> None:
    target = Path(sys.argv[1])
    if target.exists():
        print(f"{target} is already there")
        return
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    digits = load_digits()
    for number, (image, label) in enumerate(zip(digits.images, digits.target, strict=True)):
        folder = unfinished / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        shades = np.rint(image * 255 / BRIGHTEST).astype(np.uint8)
        Image.fromarray(shades).save(folder / f"{number:04}.png")
    try:
        unfinished.rename(target)
    except OSError:  # somebody else was faster
        shutil.rmtree(unfinished)
    print(f"{len(digits.images)} images in {target}")


if __name__ == "__main__":
    main()
