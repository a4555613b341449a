using System.Globalization;
using AssetCompute.Client.Inbox;
using Microsoft.Data.Sqlite;

namespace AssetCompute.Client.Sqlite;

/// <summary>Rows of <see cref="SqliteInboxStatements"/> as what the inbox hands out.</summary>
internal static class SqliteInboxRows
{
    /// <summary>A row of the statement for what is due, as it is once it has been taken.</summary>
    public static InboxDelivery Delivery(SqliteDataReader row) => new(
        row.GetString(1),
        row.GetFieldValue<byte[]>(6),
        row.GetInt32(3) + 1,
        Time(row.GetInt64(2)),
        string.Create(CultureInfo.InvariantCulture, $"{row.GetInt64(0)}-{row.GetInt64(4) + 1}"),
        row.IsDBNull(5) ? null : row.GetString(5))
    { WasAbandoned = row.GetInt64(7) == 1 };

    public static InboxDeadLetter DeadLetter(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetFieldValue<byte[]>(1),
        row.GetInt32(2),
        row.GetString(3),
        Time(row.GetInt64(4)),
        Time(row.GetInt64(5)));

    /// <summary>A row of the statement for all events.</summary>
    public static InboxRecord Record(SqliteDataReader row) => new(row.GetString(1), row.IsDBNull(7) ? default : row.GetFieldValue<byte[]>(7), Time(row.GetInt64(2)))
    {
        // Of an event that was taken the moment is the end of its visibility timeout, which nobody waits for.
        DueAt = row.GetInt32(3) == 0 && row.GetInt32(8) == 0 ? Time(row.GetInt64(4)) : null,
        WasAbandoned = row.GetInt32(3) == 0 && row.GetInt32(8) == 1,
        EndedAt = row.GetInt32(3) == 0 ? null : Time(row.GetInt64(4)),
        IsDeadLetter = row.GetInt32(3) == 2,
        Attempts = row.GetInt32(5),
        Reason = row.IsDBNull(6) ? null : row.GetString(6),
    };

    /// <summary>The row of a delivery, and how often it had been taken.</summary>
    public static bool TryReadReceipt(InboxDelivery delivery, out long seq, out long number)
    {
        number = 0;
        ReadOnlySpan<char> receipt = delivery.Receipt;
        int dash = receipt.IndexOf('-');
        return long.TryParse(dash < 0 ? default : receipt[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out seq)
            && long.TryParse(receipt[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
