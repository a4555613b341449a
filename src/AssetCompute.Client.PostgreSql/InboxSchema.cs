using System.Data;
using System.Text;
using AssetCompute.Client.Inbox;
using Npgsql;

namespace AssetCompute.Client.PostgreSql;

/// <summary>The tables of an inbox: their names, and how they come to be.</summary>
internal sealed class InboxSchema
{
    /// <summary>Each brings the tables from the version before to the next; the first makes them. What has been released is not changed any more.</summary>
    private readonly string[] _upgrades;

    public InboxSchema(string schema)
    {
        if (WrongWith(schema) is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(schema));
        }

        Name = schema;
        Quoted = '"' + schema.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        Events = Quoted + ".inbox_events";
        Checkpoints = Quoted + ".inbox_checkpoints";
        Leases = Quoted + ".inbox_leases";
        Version = Quoted + ".inbox_version";
        _upgrades = [InboxTables.Create(this)];
    }

    public string Name { get; }

    public string Quoted { get; }

    public string Events { get; }

    public string Checkpoints { get; }

    public string Leases { get; }

    public string Version { get; }

    /// <summary>What is wrong with the name of a schema; null where nothing is.</summary>
    public static string? WrongWith(string? name) =>
        string.IsNullOrEmpty(name) || Encoding.UTF8.GetByteCount(name) > 63 || name.StartsWith("pg_", StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal)
            ? "The name of a schema has 1 to 63 bytes in UTF-8, none of them zero, and does not begin with 'pg_'."
            : null;

    /// <summary>Makes the tables or brings them up to date, whoever else does the same. Changes nothing, and needs no right to, where they are.</summary>
    public async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await VersionOfAsync(connection, cancellationToken).ConfigureAwait(false) == _upgrades.Length)
        {
            return;
        }

        // Read committed whatever the default is: what another instance made while this one waited must be seen.
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await RunAsync(connection, "SELECT pg_advisory_xact_lock(hashtextextended('AssetCompute.Client.Inbox ' || $1, 0))", [Name], cancellationToken).ConfigureAwait(false);
            int version = await VersionOfAsync(connection, cancellationToken).ConfigureAwait(false);
            if (version == 0 && !await ExistsAsync(connection, "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1)", cancellationToken).ConfigureAwait(false))
            {
                await RunAsync(connection, $"CREATE SCHEMA {Quoted}", [], cancellationToken).ConfigureAwait(false);
            }

            for (; version < _upgrades.Length; version++)
            {
                await RunAsync(connection, _upgrades[version], [], cancellationToken).ConfigureAwait(false);
            }

            await RunAsync(connection, $"UPDATE {Version} SET version = {_upgrades.Length}", [], cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<int> VersionOfAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Not to_regclass: within a transaction that may still answer from what the connection knew before it waited.
        if (!await ExistsAsync(connection, "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'inbox_version')", cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        NpgsqlCommand command = new($"SELECT version FROM {Version}", connection);
        await using (command.ConfigureAwait(false))
        {
            int version = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as int? ?? 0;
            return version <= _upgrades.Length
                ? version
                : throw new InboxException($"The tables in the schema '{Name}' are of version {version}, and this version of AssetCompute.Client.PostgreSql knows them up to {_upgrades.Length} only: update the package.");
        }
    }

    private async Task<bool> ExistsAsync(NpgsqlConnection connection, string question, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(question, connection);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Parameter.Text(Name));
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, string[] parameters, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(statement, connection);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(Array.ConvertAll(parameters, Parameter.Text));
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
