using Npgsql;

namespace AssetCompute.Client.PostgreSql;

/// <summary>Where the inbox on PostgreSQL stands.</summary>
public sealed class PostgreSqlInboxOptions
{
    /// <summary>
    /// Npgsql's connection string of the database. Default: none, then <see cref="DataSource"/> is used. It may hold a password, so it stands in no
    /// log and no exception.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// The data source of the database, which its owner disposes. Default: none. Where neither this nor <see cref="ConnectionString"/> is set,
    /// <c>AddPostgreSqlInbox</c> takes the <see cref="NpgsqlDataSource"/> that is registered.
    /// </summary>
    public NpgsqlDataSource? DataSource { get; set; }

    /// <summary>
    /// The schema that holds the inbox's tables, by its exact name. Instances with the same schema share one inbox. Default: <c>asset_compute</c>.
    /// It is made where it is missing.
    /// </summary>
    public string Schema { get; set; } = "asset_compute";
}
