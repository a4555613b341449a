using static System.FormattableString;

namespace AssetCompute.Client;

/// <summary>Checks a request before it is sent, so that a mistake is an error that names the property, and not a job that never ends.</summary>
/// <remarks>
/// The rules are those of the API page and of Adobe's worker SDK, which sends no event for an invalid request. Custom fields are not checked,
/// because a custom worker may define them.
/// </remarks>
internal sealed class ProcessRequestValidator
{
    private const int MaxEmbedBytes = 32 * 1024;
    private const int MaxRequestIdLength = 256;

    private readonly List<ProcessRequestError> _errors = [];
    private string _prefix = "";

    /// <summary>Finds every rule that the request breaks.</summary>
    /// <exception cref="InvalidProcessRequestException">The request breaks a rule.</exception>
    public static void Validate(ProcessRequest request)
    {
        ProcessRequestValidator validator = new();
        validator.Check(request);
        if (validator._errors.Count > 0)
        {
            throw new InvalidProcessRequestException(validator._errors);
        }
    }

    private void Check(ProcessRequest request)
    {
        Require(
            request.RequestId is not { } id || (id.Length is > 0 and <= MaxRequestIdLength && HeaderText.IsVisibleAscii(id)),
            nameof(request.RequestId),
            $"must be 1 to {MaxRequestIdLength} visible ASCII characters without spaces, because it is sent in a header; or null, for a new id.");
        CheckSource(request);
        IReadOnlyList<Rendition> renditions = request.Renditions ?? [];
        Require(renditions.Count > 0, nameof(request.Renditions), $"must have at least one rendition.");
        for (int index = 0; index < renditions.Count; index++)
        {
            if (renditions[index] is not { } rendition)
            {
                Add($"Renditions[{index}]", "must not be null.");
                continue;
            }

            _prefix = $"Renditions[{index}].";
            CheckInstructions(rendition);
            CheckTarget(rendition);
            CheckFiles(rendition);
            CheckWatermarkAndCrop(rendition);
            _prefix = "";
        }

        CheckTargetsAreDistinct(renditions);
    }

    private void CheckSource(ProcessRequest request)
    {
        if (request.Source is not { } source)
        {
            bool isNeeded = request.Renditions?.Any(static rendition => rendition is { Worker: null } && rendition.Format != RenditionFormat.Zip) is true;
            Require(!isNeeded, nameof(request.Source), $"is required, except for an archive (zip) or a custom worker.");
            return;
        }

        const string path = nameof(request.Source) + ".";
        RequireSecure(source.Url, path + nameof(source.Url), allowsData: true);
        Require(!(source.Size < 0), path + nameof(source.Size), $"must be 0 bytes or more; it is {source.Size}.");
        Require(
            source.Headers?.Any(static header => string.IsNullOrWhiteSpace(header.Key) || HasLineBreak(header.Key) || HasLineBreak(header.Value)) is not true,
            path + nameof(source.Headers),
            $"must have names, and neither names nor values with line breaks.");
    }

    private void CheckInstructions(Rendition rendition)
    {
        bool mayLackFormat = rendition.Worker is not null || rendition.ExtensionData?.ContainsKey("type") is true;
        Require(rendition.Format is not { Value.Length: 0 }, nameof(rendition.Format), $"must have a name, such as 'png'.");
        Require(rendition.Format is not null || mayLackFormat, nameof(rendition.Format), $"is required, except for a custom worker.");
        if (rendition.Worker is { } worker)
        {
            RequireSecure(worker.OriginalString, nameof(rendition.Worker));
        }

        RequirePositive(rendition.Width, nameof(rendition.Width), "pixels");
        RequirePositive(rendition.Height, nameof(rendition.Height), "pixels");
        RequireRange(rendition.Quality, 1, 100, nameof(rendition.Quality), "");
        RequireRange(rendition.EmbedBinaryLimit, 1, MaxEmbedBytes, nameof(rendition.EmbedBinaryLimit), " bytes");
        RequirePositive(rendition.JpegSize, nameof(rendition.JpegSize), "bytes");
        RequireDpi(rendition.Dpi, nameof(rendition.Dpi));
        RequireDpi(rendition.ConvertToDpi, nameof(rendition.ConvertToDpi));
        Require(rendition.Xmp is not { } xmp || IsBase64(xmp), nameof(rendition.Xmp), $"must be base64.");
    }

    private void CheckTarget(Rendition rendition)
    {
        if (rendition.Target is not { } target)
        {
            // Adobe's worker requires a target even for an embedded rendition, and sends no event without it.
            Add(nameof(rendition.Target), "is required: a pre-signed URL to upload the rendition to.");
            return;
        }

        if (target.Url is not null)
        {
            RequireSecure(target.Url, nameof(rendition.Target));
            return;
        }

        const string path = nameof(rendition.Target) + ".";
        Require(target.Urls.Count > 0, path + nameof(target.Urls), $"must have at least one URL.");
        for (int part = 0; part < target.Urls.Count; part++)
        {
            RequireSecure(target.Urls[part], $"{path}{nameof(target.Urls)}[{part}]");
        }

        RequirePositive(target.MinPartSize, path + nameof(target.MinPartSize), "bytes");
        Require(target.MaxPartSize is not null, path + nameof(target.MaxPartSize), $"is required when the target has parts.");
        RequirePositive(target.MaxPartSize, path + nameof(target.MaxPartSize), "bytes");
        Require(
            !(target.MinPartSize > target.MaxPartSize),
            path + nameof(target.MinPartSize),
            $"must not be greater than MaxPartSize ({target.MaxPartSize} bytes); it is {target.MinPartSize}.");

        // The only size that is known in advance. A decimal, because parts times bytes may overflow a long.
        Require(
            !(target.MaxPartSize > 0 && rendition.JpegSize > (decimal)target.MaxPartSize * target.Urls.Count),
            path + nameof(target.Urls),
            $"cannot hold the {rendition.JpegSize} bytes of JpegSize: {target.Urls.Count} parts of at most {target.MaxPartSize} bytes.");
    }

    /// <summary>Checks that no two renditions have the same target: they would overwrite each other.</summary>
    private void CheckTargetsAreDistinct(IReadOnlyList<Rendition> renditions)
    {
        Dictionary<string, int> owners = new(StringComparer.Ordinal);
        for (int index = 0; index < renditions.Count; index++)
        {
            foreach (string url in (renditions[index]?.Target?.Urls ?? []).Where(static url => !string.IsNullOrEmpty(url)))
            {
                if (!owners.TryGetValue(url, out int owner))
                {
                    owners.Add(url, index);
                }
                else if (owner != index)
                {
                    Add($"Renditions[{index}].Target", $"must not be the target of Renditions[{owner}]: each rendition needs its own target.");
                    break;
                }
            }
        }
    }

    private void CheckFiles(Rendition rendition)
    {
        IReadOnlyList<ArchiveFile> files = rendition.Files ?? [];
        bool isArchive = rendition.Format == RenditionFormat.Zip && rendition.Worker is null;
        Require(files.Count > 0 || !isArchive, nameof(rendition.Files), $"must have at least one file for an archive (zip).");
        for (int index = 0; index < files.Count; index++)
        {
            RequireSecure(files[index]?.Url, $"{nameof(rendition.Files)}[{index}].{nameof(ArchiveFile.Url)}", allowsData: true);
        }
    }

    private void CheckWatermarkAndCrop(Rendition rendition)
    {
        if (rendition.Watermark is { } watermark)
        {
            const string path = nameof(rendition.Watermark) + ".";
            RequireSecure(watermark.Image, path + nameof(watermark.Image), allowsData: true);
            Require(watermark.Scale is null or (>= 0 and <= 1), path + nameof(watermark.Scale), $"must be 0.0 to 1.0; it is {watermark.Scale}.");
        }

        if (rendition.Crop is { } crop)
        {
            const string path = nameof(rendition.Crop) + ".";
            RequireRange(crop.X, 0, int.MaxValue, path + nameof(crop.X), " pixels");
            RequireRange(crop.Y, 0, int.MaxValue, path + nameof(crop.Y), " pixels");
            RequirePositive(crop.Width, path + nameof(crop.Width), "pixels");
            RequirePositive(crop.Height, path + nameof(crop.Height), "pixels");
        }
    }

    private static bool HasLineBreak(string? text) => text?.IndexOfAny(['\r', '\n', '\0']) >= 0;

    private static bool IsBase64(string text)
    {
        try
        {
            return !text.Any(char.IsWhiteSpace) && Convert.FromBase64String(text).Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private void RequirePositive(long? value, string path, string unit) => Require(!(value <= 0), path, $"must be greater than 0 {unit}; it is {value}.");

    private void RequireRange(long? value, long least, long most, string path, string unit) =>
        Require(!(value < least || value > most), path, $"must be {least} to {most:N0}{unit}; it is {value}.");

    private void RequireDpi(Dpi? dpi, string path) => Require(
        dpi is null or { X: > 0 and <= double.MaxValue, Y: > 0 and <= double.MaxValue }, path, $"must be greater than 0 dots per inch; it is {dpi?.X} by {dpi?.Y}.");

    private void RequireSecure(string? url, string path, bool allowsData = false)
    {
        bool isData = allowsData && url is not null && SecureUrl.IsDataUri(url);
        string? error = string.IsNullOrEmpty(url) ? "is required."
            : !isData && !SecureUrl.IsValid(url)
                ? $"must be an absolute https URL{(allowsData ? " or a data URI" : "")} (http is allowed to a loopback address only); it is '{RedactedUrl.Of(url)}'."
            : Rfc3986.IndexOfInvalid(url!) is >= 0 and int invalid
                ? Invariant($"must have only characters that RFC 3986 allows in a URL; U+{(int)url![invalid]:X4} at index {invalid} must be escaped. Adobe's worker sends no event for such a URL.")
            : isData && !SecureUrl.HasMediaType(url!) ? $"must have a media type between 'data:' and the data, such as 'image/png;base64'; it is '{RedactedUrl.Of(url)}'."
            : null;
        if (error is not null)
        {
            Add(path, error);
        }
    }

    private void Require(bool holds, string path, FormattableString message)
    {
        if (!holds)
        {
            Add(path, Invariant(message));
        }
    }

    private void Add(string path, string message) => _errors.Add(new ProcessRequestError { PropertyPath = _prefix + path, Message = message });
}
