using Npgsql;
using NpgsqlTypes;

namespace AssetCompute.Client.PostgreSql;

/// <summary>Parameters by place, with the type that the statement expects.</summary>
internal static class Parameter
{
    public static NpgsqlParameter Of<T>(T value, NpgsqlDbType type) => new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type };

    public static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
