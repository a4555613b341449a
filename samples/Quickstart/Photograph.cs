namespace Quickstart;

/// <summary>The picture to make renditions of.</summary>
internal sealed record Photograph(string Name, string MimeType, byte[] Content)
{
    public const string ShippedName = "picos-de-europa.jpg";

    public static string ShippedPath => Path.Combine(AppContext.BaseDirectory, "photos", ShippedName);

    /// <summary>Whether this is the photograph that is included in the sample, and whose credit must be shown.</summary>
    public bool IsShipped { get; init; }

    /// <exception cref="UserError">The file does not exist, cannot be read, or is not an image.</exception>
    public static async Task<Photograph> LoadAsync(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            throw new UserError($"'{path}' is a folder; name a photograph in it.");
        }

        if (!File.Exists(path))
        {
            throw new UserError($"There is no file '{path}' (looked in '{Environment.CurrentDirectory}').");
        }

        byte[] content;
        try
        {
            content = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"'{path}' cannot be read: {exception.Message}", exception);
        }

        string mimeType = MimeTypeOf(content)
            ?? throw new UserError($"'{path}' is not an image in a format that the sample supports: JPEG, PNG, GIF, TIFF, WebP or BMP.");
        return new Photograph(Path.GetFileName(path), mimeType, content) { IsShipped = path == ShippedPath };
    }

    private static string? MimeTypeOf(ReadOnlySpan<byte> content) => content switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "image/gif",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "image/tiff",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        [(byte)'B', (byte)'M', ..] => "image/bmp",
        _ => null,
    };
}
