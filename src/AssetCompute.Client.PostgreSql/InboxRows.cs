using AssetCompute.Client.Inbox;
using Npgsql;

namespace AssetCompute.Client.PostgreSql;

/// <summary>Rows of <see cref="InboxStatements"/> as what the inbox hands out.</summary>
internal static class InboxRows
{
    public static InboxDelivery Delivery(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetFieldValue<byte[]>(1),
        row.GetInt32(2),
        row.GetFieldValue<DateTimeOffset>(3),
        row.GetGuid(4).ToString("N"),
        row.IsDBNull(5) ? null : row.GetString(5))
    { WasAbandoned = row.GetBoolean(6) };

    public static InboxDeadLetter DeadLetter(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetFieldValue<byte[]>(1),
        row.GetInt32(2),
        row.GetString(3),
        row.GetFieldValue<DateTimeOffset>(4),
        row.GetFieldValue<DateTimeOffset>(5));

    public static async Task<List<T>> ReadAsync<T>(NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        List<T> all = [];
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            all.Add(read(rows));
        }

        return all;
    }

    public static bool TryReadReceipt(InboxDelivery delivery, out Guid receipt) => Guid.TryParseExact(delivery.Receipt, "N", out receipt);
}
