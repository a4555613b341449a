using System.Text.RegularExpressions;

namespace AssetCompute.Client;

/// <summary>Checks a request before it is sent, so that a mistake is an error that names the property, and not a job that never ends.</summary>
/// <remarks>Source: the API page, and Adobe's worker SDK, which sends no event for an invalid request. Custom fields are not checked.</remarks>
internal sealed class ProcessRequestValidator
{
    private const int MaxEmbedBytes = 32 * 1024;
    private const int MaxRequestIdLength = 256;
    private const string SomeBytes = "greater than 0 bytes";
    private const string SomePixels = "greater than 0 pixels";

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
        if (request.RequestId is { } id && (id.Length is 0 or > MaxRequestIdLength || !HeaderText.IsVisibleAscii(id)))
        {
            Add(nameof(request.RequestId), $"must be 1 to {MaxRequestIdLength} visible ASCII characters without spaces, because it is sent in a header; or null, for a new id.");
        }

        CheckSource(request);
        IReadOnlyList<Rendition> renditions = request.Renditions ?? [];
        Require(renditions.Count > 0, nameof(request.Renditions), "must have at least one rendition.");
        for (int index = 0; index < renditions.Count; index++)
        {
            if (renditions[index] is not { } rendition)
            {
                Add($"Renditions[{index}]", $"must not be null.");
                continue;
            }

            _prefix = $"Renditions[{index}].";
            CheckInstructions(rendition);
            CheckTarget(rendition);
            CheckFiles(rendition);
            _prefix = "";
        }

        CheckTargetsAreDistinct(renditions);
    }

    private void CheckSource(ProcessRequest request)
    {
        if (request.Source is not { } source)
        {
            bool isNeeded = request.Renditions?.Any(static rendition => rendition is { Worker: null } && rendition.Format != RenditionFormat.Zip) is true;
            Require(!isNeeded, nameof(request.Source), "is required, except for an archive (zip) or a custom worker.");
            return;
        }

        RequireSecure(source.Url, "Source.Url", allowsData: true);
        RequireRange(source.Size, "Source.Size", "0 bytes or more", least: 0);
        bool hasOddHeader = source.Headers?.Any(static header => string.IsNullOrWhiteSpace(header.Key) || HasLineBreak(header.Key) || HasLineBreak(header.Value)) is true;
        Require(!hasOddHeader, "Source.Headers", "must have names, and neither names nor values with line breaks.");
    }

    private void CheckInstructions(Rendition rendition)
    {
        bool mayLackFormat = rendition.Worker is not null || rendition.ExtensionData?.ContainsKey("type") is true;
        Require(rendition.Format is not { Value.Length: 0 }, nameof(rendition.Format), "must have a name, such as 'png'.");
        Require(rendition.Format is not null || mayLackFormat, nameof(rendition.Format), "is required, except for a custom worker.");
        RequireSecure(rendition.Worker?.OriginalString, nameof(rendition.Worker), isOptional: true);
        RequireRange(rendition.Width, nameof(rendition.Width), SomePixels);
        RequireRange(rendition.Height, nameof(rendition.Height), SomePixels);
        RequireRange(rendition.Quality, nameof(rendition.Quality), "1 to 100", most: 100);
        RequireRange(rendition.EmbedBinaryLimit, nameof(rendition.EmbedBinaryLimit), "1 to 32,768 bytes", most: MaxEmbedBytes);
        RequireRange(rendition.JpegSize, nameof(rendition.JpegSize), SomeBytes);
        RequireDpi(rendition.Dpi, nameof(rendition.Dpi));
        RequireDpi(rendition.ConvertToDpi, nameof(rendition.ConvertToDpi));
        Require(rendition.Xmp is not { } xmp || IsBase64(xmp), nameof(rendition.Xmp), "must be base64.");
        RequireSecure(rendition.Watermark?.Image, "Watermark.Image", allowsData: true, isOptional: true);
        if (rendition.Watermark?.Scale is { } scale and not (>= 0 and <= 1))
        {
            Add("Watermark.Scale", $"must be 0.0 to 1.0; it is {scale}.");
        }

        RequireRange(rendition.Crop?.X, "Crop.X", "0 pixels or more", least: 0);
        RequireRange(rendition.Crop?.Y, "Crop.Y", "0 pixels or more", least: 0);
        RequireRange(rendition.Crop?.Width, "Crop.Width", SomePixels);
        RequireRange(rendition.Crop?.Height, "Crop.Height", SomePixels);
    }

    private void CheckTarget(Rendition rendition)
    {
        if (rendition.Target is not { Url: null } target)
        {
            // Adobe's worker requires a target even for an embedded rendition, and sends no event without it.
            Require(rendition.Target is not null, nameof(rendition.Target), "is required: a pre-signed URL to upload the rendition to.");
            RequireSecure(rendition.Target?.Url, nameof(rendition.Target), isOptional: true);
            return;
        }

        Require(target.Urls.Count > 0, "Target.Urls", "must have at least one URL.");
        for (int part = 0; part < target.Urls.Count; part++)
        {
            RequireSecure(target.Urls[part], $"Target.Urls[{part}]");
        }

        RequireRange(target.MinPartSize, "Target.MinPartSize", SomeBytes);
        Require(target.MaxPartSize is not null, "Target.MaxPartSize", "is required when the target has parts.");
        RequireRange(target.MaxPartSize, "Target.MaxPartSize", SomeBytes);
        if (target.MinPartSize > target.MaxPartSize)
        {
            Add("Target.MinPartSize", $"must not be greater than MaxPartSize ({target.MaxPartSize} bytes); it is {target.MinPartSize}.");
        }

        // The only size that is known in advance. A decimal, because parts times bytes may overflow a long.
        if (target.MaxPartSize > 0 && rendition.JpegSize > (decimal)target.MaxPartSize * target.Urls.Count)
        {
            Add("Target.Urls", $"cannot hold the {rendition.JpegSize} bytes of JpegSize: {target.Urls.Count} parts of at most {target.MaxPartSize} bytes.");
        }
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
        Require(files.Count > 0 || !isArchive, nameof(rendition.Files), "must have at least one file for an archive (zip).");
        for (int index = 0; index < files.Count; index++)
        {
            RequireSecure(files[index]?.Url, $"Files[{index}].Url", allowsData: true);
        }
    }

    private static bool HasLineBreak(string? text) => text?.IndexOfAny(['\r', '\n', '\0']) >= 0;

    private static bool IsBase64(string text) => text.Length % 4 == 0 && Regex.IsMatch(text, @"^[A-Za-z0-9+/]+={0,2}\z");

    private void RequireRange(long? value, string path, string range, long least = 1, long most = long.MaxValue)
    {
        if (value < least || value > most)
        {
            Add(path, $"must be {range}; it is {value}.");
        }
    }

    private void RequireDpi(Dpi? dpi, string path)
    {
        if (dpi is not (null or { X: > 0 and <= double.MaxValue, Y: > 0 and <= double.MaxValue }))
        {
            Add(path, $"must be greater than 0 dots per inch; it is {dpi?.X} by {dpi?.Y}.");
        }
    }

    private void RequireSecure(string? url, string path, bool allowsData = false, bool isOptional = false)
    {
        bool isData = allowsData && url is not null && SecureUrl.IsDataUri(url);
        string? problem = string.IsNullOrEmpty(url) ? (isOptional && url is null ? null : "is required.")
            : !isData && !SecureUrl.IsValid(url) ? $"must be an absolute https URL{(allowsData ? " or a data URI" : "")} (http is allowed to a loopback address only); it is '{RedactedUrl.Of(url)}'."
            : Rfc3986.IndexOfInvalid(url!) is >= 0 and int invalid
                ? $"must have only characters that RFC 3986 allows in a URL; U+{(int)url![invalid]:X4} at index {invalid} must be escaped. Adobe's worker sends no event for such a URL."
            : isData && !SecureUrl.HasMediaType(url!) ? $"must have a media type between 'data:' and the data, such as 'image/png;base64'; it is '{RedactedUrl.Of(url)}'."
            : null;
        Require(problem is null, path, problem!);
    }

    /// <summary>Adds an error if a rule is broken. A rule with values in its text calls <see cref="Add"/>, so that the text is created only then.</summary>
    private void Require(bool holds, string path, string message)
    {
        if (!holds)
        {
            Add(path, $"{message}");
        }
    }

    private void Add(string path, FormattableString message) =>
        _errors.Add(new ProcessRequestError { PropertyPath = _prefix + path, Message = FormattableString.Invariant(message) });
}
