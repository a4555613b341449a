namespace AssetCompute.Emulator;

/// <summary>The members of an enumeration as callers name them.</summary>
internal static class EnumNames<TEnum>
    where TEnum : struct, Enum
{
    /// <summary>All names, for messages. What stands for anything else is none that a caller can mean.</summary>
    public static string All { get; } = string.Join(", ", Enum.GetNames<TEnum>().Where(name => name != nameof(EmulatorOperation.Other)));

    /// <summary>The member of a name, in upper or lower case.</summary>
    /// <exception cref="FormatException">There is none; the message lists those that there are.</exception>
    public static TEnum Parse(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && !name.Contains(',', StringComparison.Ordinal) && Enum.TryParse<TEnum>(name, ignoreCase: true, out var value)
            ? value
            : throw new FormatException($"'{name}' is not known; these are: {All}.");
}
