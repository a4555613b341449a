using Npgsql;
using NpgsqlTypes;

namespace AssetCompute.Client.PostgreSql;

internal static class Parameter
{
    /// <summary>Creates a positional parameter. Npgsql derives its type from the value. A null is a text: no other value of a statement can be null.</summary>
    public static NpgsqlParameter Of(object? value) => value is null ? new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } : new() { Value = value };
}
