"""``python -m tefoundations.exercises grade FOLDER --seed SECRET``: see `tefoundations.exercises.grading`."""

from tefoundations.exercises.command import main

if __name__ == "__main__":
    main()
