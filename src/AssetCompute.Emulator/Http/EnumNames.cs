namespace AssetCompute.Emulator;

/// <summary>The names of an enumeration's members, as callers use them.</summary>
internal static class EnumNames<TEnum>
    where TEnum : struct, Enum
{
    /// <summary>All names, for messages. The member that means anything else is excluded, because a caller cannot choose it.</summary>
    public static string All { get; } = string.Join(", ", Enum.GetNames<TEnum>().Where(name => name != nameof(EmulatorOperation.Other)));

    /// <summary>Parses the name of a member, ignoring case.</summary>
    /// <exception cref="FormatException">No member has this name. The message lists the valid names.</exception>
    public static TEnum Parse(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && !name.Contains(',', StringComparison.Ordinal) && Enum.TryParse<TEnum>(name, ignoreCase: true, out var value)
            ? value
            : throw new FormatException($"'{name}' is not known; these are: {All}.");
}
