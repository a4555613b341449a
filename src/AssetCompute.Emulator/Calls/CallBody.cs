namespace AssetCompute.Emulator;

/// <summary>The body of a request or response, for the page.</summary>
/// <param name="Length">The length in bytes.</param>
/// <param name="Content">The bytes; <see langword="null"/> if the body is not text or is too long to keep.</param>
internal sealed record CallBody(long Length, byte[]? Content)
{
    /// <summary>The maximum length of a body that is kept.</summary>
    public const int MostBytes = 64 << 10;

    public static CallBody Of(string? contentType, ReadOnlyMemory<byte> content) => new(content.Length, content.Length <= MostBytes && IsText(contentType) ? content.ToArray() : null);

    public static bool IsText(string? contentType) => contentType is not null
        && (contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("json", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("xml", StringComparison.OrdinalIgnoreCase)
            || contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase));
}
