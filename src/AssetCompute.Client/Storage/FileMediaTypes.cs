namespace AssetCompute.Client.Storage;

/// <summary>MIME types of the sources that the service knows best, by the extension of the file.</summary>
internal static class FileMediaTypes
{
    private static readonly Dictionary<string, string> s_byExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".ai"] = "application/postscript",
        [".bmp"] = "image/bmp",
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".eps"] = "application/postscript",
        [".gif"] = "image/gif",
        [".html"] = "text/html",
        [".indd"] = "application/x-indesign",
        [".jpeg"] = "image/jpeg",
        [".jpg"] = "image/jpeg",
        [".mov"] = "video/quicktime",
        [".mp4"] = "video/mp4",
        [".pdf"] = "application/pdf",
        [".png"] = "image/png",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        [".psd"] = "image/vnd.adobe.photoshop",
        [".svg"] = "image/svg+xml",
        [".tif"] = "image/tiff",
        [".tiff"] = "image/tiff",
        [".txt"] = "text/plain",
        [".webp"] = "image/webp",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".zip"] = "application/zip",
    };

    /// <returns>Null where the extension says nothing; the service then goes by the name itself.</returns>
    public static string? OfName(string name) => s_byExtension.TryGetValue(Path.GetExtension(name), out string? mediaType) ? mediaType : null;
}
