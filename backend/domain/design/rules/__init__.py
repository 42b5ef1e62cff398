"""What a document must mean, beyond having the right form: one module a subject, each a function of the view."""
