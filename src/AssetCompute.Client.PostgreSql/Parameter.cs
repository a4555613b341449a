using Npgsql;
using NpgsqlTypes;

namespace AssetCompute.Client.PostgreSql;

/// <summary>Positional parameters, with the type that the statement expects.</summary>
internal static class Parameter
{
    public static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) => Of(values.ToArray(), NpgsqlDbType.Array | type);

    /// <summary>
    /// Creates a parameter for a value of one of the types that the statements use; an array already has its type. Returns a new object each time, because a
    /// command keeps it.
    /// </summary>
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
