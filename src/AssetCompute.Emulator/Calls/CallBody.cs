namespace AssetCompute.Emulator;

/// <summary>The body of a call or of its answer, for the page.</summary>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Content">The bytes; <see langword="null"/> of what is no text or too long to keep.</param>
internal sealed record CallBody(long Length, byte[]? Content)
{
    /// <summary>What is longer is not kept.</summary>
    public const int MostBytes = 64 << 10;

    public static CallBody Of(string? contentType, ReadOnlyMemory<byte> content) => new(content.Length, content.Length <= MostBytes && IsText(contentType) ? content.ToArray() : null);

    public static bool IsText(string? contentType) => contentType is not null
        && (contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("json", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("xml", StringComparison.OrdinalIgnoreCase)
            || contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase));
}
