"""`python -m entrepot` is the `entrepot` command."""

from entrepot.project.main import main

if __name__ == "__main__":
    main()
