using AssetCompute.Client.Inbox;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AssetCompute.Client.Sqlite;

/// <summary>Describes errors of the file of an inbox, and how to fix them.</summary>
internal static class SqliteInboxErrors
{
    public static bool IsOfTheStore(Exception exception) => exception is SqliteException or IOException or UnauthorizedAccessException;

    public static InboxException Of(Exception exception, string path) => exception as InboxException ?? new InboxException(Describe(exception, path), exception);

    private static string Describe(Exception exception, string path) => (exception as SqliteException)?.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => $"The disk of the inbox {path} is full: free some space; nothing was changed.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"Another process has locked the inbox {path} for longer than the BusyTimeout: end it, or look for a backup or a tool that has the file open.",
        raw.SQLITE_READONLY => $"The inbox {path} is read-only: give this process the right to write the file and its folder.",
        raw.SQLITE_CORRUPT => $"The inbox {path} is damaged: stop every process that uses it, keep a copy, and repair it with the command .recover of sqlite3, or start with a new file.",
        raw.SQLITE_NOTADB => $"The file {path} is not a SQLite database: use another file for the inbox.",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => $"The inbox {path} cannot be opened: see that its folder exists and that this process may write there.",
        raw.SQLITE_IOERR => $"The disk of the inbox {path} has failed a read or a write: look at the disk. {exception.Message}",
        _ => $"The inbox {path} cannot be used: {exception.Message}",
    };
}
