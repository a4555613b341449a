using System.Globalization;

namespace AssetCompute.Client;

/// <summary>Checks a request before it is sent, so that a mistake is an error that names the property, and not a job that never ends.</summary>
/// <remarks>
/// The rules are those of the API page and of Adobe's worker SDK, which sends no event for an invalid request. Custom fields are not checked,
/// because a custom worker may define them.
/// </remarks>
internal static class ProcessRequestValidator
{
    private const int MaxEmbedBytes = 32 * 1024;
    private const int MaxRequestIdLength = 256;

    /// <summary>Finds every rule that the request breaks.</summary>
    /// <exception cref="InvalidProcessRequestException">There is one, or more.</exception>
    public static void Validate(ProcessRequest request)
    {
        ProcessRequestErrors errors = default;
        CheckRequestId(ref errors, request.RequestId);
        CheckSource(ref errors, request);
        if (request.Renditions is not { Count: > 0 } renditions)
        {
            errors.Add(nameof(request.Renditions), "must have at least one rendition.");
        }
        else
        {
            for (int index = 0; index < renditions.Count; index++)
            {
                CheckRendition(ref errors, renditions[index], index);
            }

            CheckTargetsAreDistinct(ref errors, renditions);
        }

        if (errors.Found is { } found)
        {
            throw new InvalidProcessRequestException(found);
        }
    }

    private static void CheckRequestId(ref ProcessRequestErrors errors, string? requestId)
    {
        if (requestId is not null && (requestId.Length is 0 or > MaxRequestIdLength || !HeaderText.IsVisibleAscii(requestId)))
        {
            errors.Add(nameof(ProcessRequest.RequestId), "must be 1 to 256 visible ASCII characters without spaces, because it is sent in a header; or null, for a new id.");
        }
    }

    private static void CheckSource(ref ProcessRequestErrors errors, ProcessRequest request)
    {
        if (request.Source is not { } source)
        {
            if (request.Renditions is { } renditions && renditions.Any(static rendition => rendition is not null && NeedsSource(rendition)))
            {
                errors.Add(nameof(request.Source), "is required, except for an archive (zip) or a custom worker.");
            }

            return;
        }

        const string path = nameof(request.Source) + ".";
        errors.RequireSecure(source.Url, path, nameof(source.Url), allowsData: true);
        if (source.Size is < 0)
        {
            errors.Add(path + nameof(source.Size), string.Format(CultureInfo.InvariantCulture, "must be 0 bytes or more; it is {0}.", source.Size));
        }

        if (source.Headers?.Any(static header => string.IsNullOrWhiteSpace(header.Key) || HasLineBreak(header.Key) || HasLineBreak(header.Value)) is true)
        {
            errors.Add(path + nameof(source.Headers), "must have names, and neither names nor values with line breaks.");
        }
    }

    private static bool HasLineBreak(string? text) => text is not null && text.IndexOfAny(['\r', '\n', '\0']) >= 0;

    private static bool NeedsSource(Rendition rendition) => rendition.Worker is null && rendition.Format != RenditionFormat.Zip;

    private static void CheckRendition(ref ProcessRequestErrors errors, Rendition? rendition, int index)
    {
        if (rendition is null)
        {
            errors.Add(string.Format(CultureInfo.InvariantCulture, "Renditions[{0}]", index), "must not be null.");
            return;
        }

        ProcessRequestErrors found = default;
        CheckInstructions(ref found, rendition);
        CheckTarget(ref found, rendition);
        CheckFiles(ref found, rendition);
        CheckWatermarkAndCrop(ref found, rendition);
        if (found.Found is { } list)
        {
            string prefix = string.Format(CultureInfo.InvariantCulture, "Renditions[{0}].", index);
            foreach (ProcessRequestError error in list)
            {
                errors.Add(prefix + error.PropertyPath, error.Message);
            }
        }
    }

    private static void CheckInstructions(ref ProcessRequestErrors errors, Rendition rendition)
    {
        if (rendition.Format is { Value.Length: 0 })
        {
            errors.Add(nameof(rendition.Format), "must have a name, such as 'png'.");
        }
        else if (rendition.Format is null && rendition.Worker is null && rendition.CustomFields?.ContainsKey("type") is not true)
        {
            errors.Add(nameof(rendition.Format), "is required, except for a custom worker.");
        }

        if (rendition.Worker is { } worker)
        {
            errors.RequireSecure(worker.OriginalString, "", nameof(rendition.Worker));
        }

        errors.RequirePositive(rendition.Width, "", nameof(rendition.Width), "pixels");
        errors.RequirePositive(rendition.Height, "", nameof(rendition.Height), "pixels");
        errors.RequireRange(rendition.Quality, 1, 100, "", nameof(rendition.Quality), "");
        errors.RequireRange(rendition.EmbedBinaryLimit, 1, MaxEmbedBytes, "", nameof(rendition.EmbedBinaryLimit), " bytes");
        errors.RequirePositive(rendition.JpegSize, "", nameof(rendition.JpegSize), "bytes");
        CheckDpi(ref errors, rendition.Dpi, nameof(rendition.Dpi));
        CheckDpi(ref errors, rendition.ConvertToDpi, nameof(rendition.ConvertToDpi));
        if (rendition.Xmp is { } xmp && !IsBase64(xmp))
        {
            errors.Add(nameof(rendition.Xmp), "must be base64.");
        }
    }

    private static void CheckDpi(ref ProcessRequestErrors errors, Dpi? dpi, string property)
    {
        // Also false for not-a-number.
        if (dpi is { } given && !(given.X > 0 && given.Y > 0 && given.X <= double.MaxValue && given.Y <= double.MaxValue))
        {
            errors.Add(property, string.Format(CultureInfo.InvariantCulture, "must be greater than 0 dots per inch; it is {0} by {1}.", given.X, given.Y));
        }
    }

    private static void CheckTarget(ref ProcessRequestErrors errors, Rendition rendition)
    {
        if (rendition.Target is not { } target)
        {
            // Adobe's worker requires a target even for a rendition that is embedded, and sends no event without it.
            errors.Add(nameof(rendition.Target), "is required: a pre-signed URL to upload the rendition to.");
            return;
        }

        if (target.Url is not null)
        {
            errors.RequireSecure(target.Url, "", nameof(rendition.Target));
            return;
        }

        const string path = nameof(rendition.Target) + ".";
        if (target.Urls.Count == 0)
        {
            errors.Add(path + nameof(target.Urls), "must have at least one URL.");
        }

        for (int part = 0; part < target.Urls.Count; part++)
        {
            errors.RequireSecure(target.Urls[part], path, string.Format(CultureInfo.InvariantCulture, "{0}[{1}]", nameof(target.Urls), part));
        }

        errors.RequirePositive(target.MinPartSize, path, nameof(target.MinPartSize), "bytes");
        if (target.MaxPartSize is not { } largest)
        {
            errors.Add(path + nameof(target.MaxPartSize), "is required when the target has parts.");
            return;
        }

        errors.RequirePositive(largest, path, nameof(target.MaxPartSize), "bytes");
        if (target.MinPartSize > largest)
        {
            errors.Add(path + nameof(target.MinPartSize), string.Format(CultureInfo.InvariantCulture, "must not be greater than MaxPartSize ({0} bytes); it is {1}.", largest, target.MinPartSize));
        }

        // The only size that is known in advance. A decimal, because parts times bytes may not fit a long.
        if (largest > 0 && rendition.JpegSize is { } size && size > (decimal)largest * target.Urls.Count)
        {
            errors.Add(path + nameof(target.Urls), string.Format(
                CultureInfo.InvariantCulture, "cannot hold the {0} bytes of JpegSize: {1} parts of at most {2} bytes.", size, target.Urls.Count, largest));
        }
    }

    /// <summary>Two renditions with one target would overwrite each other.</summary>
    private static void CheckTargetsAreDistinct(ref ProcessRequestErrors errors, IReadOnlyList<Rendition> renditions)
    {
        Dictionary<string, int> owners = new(StringComparer.Ordinal);
        for (int index = 0; index < renditions.Count; index++)
        {
            foreach (string? url in renditions[index]?.Target?.Urls ?? [])
            {
                if (string.IsNullOrEmpty(url))
                {
                    continue;
                }

                if (!owners.TryGetValue(url, out int owner))
                {
                    owners.Add(url, index);
                }
                else if (owner != index)
                {
                    errors.Add(
                        string.Format(CultureInfo.InvariantCulture, "Renditions[{0}].Target", index),
                        string.Format(CultureInfo.InvariantCulture, "must not be the target of Renditions[{0}]: each rendition needs a target of its own.", owner));
                    break;
                }
            }
        }
    }

    private static void CheckFiles(ref ProcessRequestErrors errors, Rendition rendition)
    {
        if (rendition.Files is not { Count: > 0 } files)
        {
            if (rendition.Format == RenditionFormat.Zip && rendition.Worker is null)
            {
                errors.Add(nameof(rendition.Files), "must have at least one file for an archive (zip).");
            }

            return;
        }

        for (int index = 0; index < files.Count; index++)
        {
            errors.RequireSecure(files[index]?.Url, string.Format(CultureInfo.InvariantCulture, "{0}[{1}].", nameof(rendition.Files), index), nameof(ArchiveFile.Url), allowsData: true);
        }
    }

    private static void CheckWatermarkAndCrop(ref ProcessRequestErrors errors, Rendition rendition)
    {
        if (rendition.Watermark is { } watermark)
        {
            const string path = nameof(rendition.Watermark) + ".";
            errors.RequireSecure(watermark.Image, path, nameof(watermark.Image), allowsData: true);
            if (watermark.Scale is { } scale && !(scale is >= 0 and <= 1))
            {
                errors.Add(path + nameof(watermark.Scale), string.Format(CultureInfo.InvariantCulture, "must be 0.0 to 1.0; it is {0}.", scale));
            }
        }

        if (rendition.Crop is { } crop)
        {
            const string path = nameof(rendition.Crop) + ".";
            errors.RequireRange(crop.X, 0, int.MaxValue, path, nameof(crop.X), " pixels");
            errors.RequireRange(crop.Y, 0, int.MaxValue, path, nameof(crop.Y), " pixels");
            errors.RequirePositive(crop.Width, path, nameof(crop.Width), "pixels");
            errors.RequirePositive(crop.Height, path, nameof(crop.Height), "pixels");
        }
    }

    private static bool IsBase64(string text)
    {
        int padding = text.Length - text.TrimEnd('=').Length;
        for (int index = 0; index < text.Length - padding; index++)
        {
            if (text[index] is not ((>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '+' or '/'))
            {
                return false;
            }
        }

        return text.Length > 0 && text.Length % 4 == 0 && padding <= 2;
    }
}
