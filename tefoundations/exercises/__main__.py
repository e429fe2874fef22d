"""``python -m tefoundations.exercises grade FOLDER --seed SECRET``: see `tefoundations.exercises.grader.grades`."""

from tefoundations.exercises.grader.command import main

if __name__ == "__main__":
    main()
