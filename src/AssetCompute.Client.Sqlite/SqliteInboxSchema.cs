using System.Globalization;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Sqlite;

/// <summary>The tables of an inbox. They are created and upgraded when the file is opened.</summary>
internal static class SqliteInboxSchema
{
    /// <summary>The application id that identifies the file as an inbox: "ACIB".</summary>
    private const int ApplicationId = 0x41434942;

    /// <summary>One script for each version. A new version adds a script.</summary>
    private static readonly string[] s_upgrades =
    [
        // moment: when an open event is due, or when another event was completed or became a dead letter. The bytes of an event are in a separate table,
        // because they are written once, and the row is written at each step.
        """
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            state INTEGER NOT NULL,
            moment INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            deliveries INTEGER NOT NULL DEFAULT 0,
            taken INTEGER NOT NULL DEFAULT 0,
            reason TEXT
        ) STRICT;
        CREATE INDEX events_by_state ON events (state, moment, seq);
        CREATE TABLE bodies (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
        CREATE TABLE checkpoints (name TEXT PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, fence INTEGER NOT NULL, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """,
    ];

    public static int Version => s_upgrades.Length;

    /// <summary>Creates or upgrades the tables. Call it in a transaction.</summary>
    /// <exception cref="InboxException">The file is not an inbox, or has a newer version.</exception>
    public static void Upgrade(SqliteInboxDatabase database)
    {
        long version = database.Scalar("PRAGMA user_version");
        long application = database.Scalar("PRAGMA application_id");
        bool isEmpty = database.Scalar("SELECT count(*) FROM sqlite_schema") == 0;
        if (isEmpty ? version != 0 || application != 0 : application != ApplicationId)
        {
            throw new InboxException($"The file {database.Path} is a SQLite database, but not an inbox: use another file for the inbox.");
        }

        if (version > Version)
        {
            throw new InboxException($"The inbox {database.Path} was created by a newer version of this package (schema {version}; this one supports {Version}): update the package in this program.");
        }

        for (int i = (int)version; i < Version; i++)
        {
            database.Run(s_upgrades[i]);
        }

        if (version < Version)
        {
            database.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}; PRAGMA application_id = {ApplicationId}"));
        }
    }
}
