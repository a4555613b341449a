using Npgsql;
using NpgsqlTypes;

namespace AssetCompute.Client.PostgreSql;

/// <summary>Parameters by place, with the type that the statement expects.</summary>
internal static class Parameter
{
    public static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) => Of(values.ToArray(), NpgsqlDbType.Array | type);

    /// <summary>A value of one of the types that the statements take; an array has its type already. A new one each time, since a command keeps it.</summary>
    public static NpgsqlParameter Of(object? value) => value switch
    {
        NpgsqlParameter parameter => parameter.Clone(),
        int number => Of(number, NpgsqlDbType.Integer),
        long number => Of(number, NpgsqlDbType.Bigint),
        TimeSpan duration => Of(duration, NpgsqlDbType.Interval),
        _ => new() { Value = (string?)value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
    };

    private static NpgsqlParameter<T> Of<T>(T value, NpgsqlDbType type) => new() { TypedValue = value, NpgsqlDbType = type };
}
