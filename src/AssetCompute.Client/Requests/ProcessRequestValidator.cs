using static System.FormattableString;

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
    /// <exception cref="InvalidProcessRequestException">The request breaks a rule.</exception>
    public static void Validate(ProcessRequest request)
    {
        ProcessRequestErrors errors = new();
        if (request.RequestId is { } id && (id.Length is 0 or > MaxRequestIdLength || !HeaderText.IsVisibleAscii(id)))
        {
            errors.Add(nameof(request.RequestId), "must be 1 to 256 visible ASCII characters without spaces, because it is sent in a header; or null, for a new id.");
        }

        CheckSource(errors, request);
        if (request.Renditions is not { Count: > 0 } renditions)
        {
            errors.Add(nameof(request.Renditions), "must have at least one rendition.");
        }
        else
        {
            for (int index = 0; index < renditions.Count; index++)
            {
                if (renditions[index] is not { } rendition)
                {
                    errors.Add($"Renditions[{index}]", "must not be null.");
                    continue;
                }

                errors.Prefix = $"Renditions[{index}].";
                CheckInstructions(errors, rendition);
                CheckTarget(errors, rendition);
                CheckFiles(errors, rendition);
                CheckWatermarkAndCrop(errors, rendition);
                errors.Prefix = "";
            }

            CheckTargetsAreDistinct(errors, renditions);
        }

        if (errors.Found is { } found)
        {
            throw new InvalidProcessRequestException(found);
        }
    }

    private static void CheckSource(ProcessRequestErrors errors, ProcessRequest request)
    {
        if (request.Source is not { } source)
        {
            if (request.Renditions?.Any(static rendition => rendition is { Worker: null } && rendition.Format != RenditionFormat.Zip) is true)
            {
                errors.Add(nameof(request.Source), "is required, except for an archive (zip) or a custom worker.");
            }

            return;
        }

        const string path = nameof(request.Source) + ".";
        errors.RequireSecure(source.Url, path + nameof(source.Url), allowsData: true);
        if (source.Size is < 0)
        {
            errors.Add(path + nameof(source.Size), Invariant($"must be 0 bytes or more; it is {source.Size}."));
        }

        if (source.Headers?.Any(static header => string.IsNullOrWhiteSpace(header.Key) || HasLineBreak(header.Key) || HasLineBreak(header.Value)) is true)
        {
            errors.Add(path + nameof(source.Headers), "must have names, and neither names nor values with line breaks.");
        }
    }

    private static bool HasLineBreak(string? text) => text is not null && text.IndexOfAny(['\r', '\n', '\0']) >= 0;

    private static void CheckInstructions(ProcessRequestErrors errors, Rendition rendition)
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
            errors.RequireSecure(worker.OriginalString, nameof(rendition.Worker));
        }

        errors.RequirePositive(rendition.Width, nameof(rendition.Width), "pixels");
        errors.RequirePositive(rendition.Height, nameof(rendition.Height), "pixels");
        errors.RequireRange(rendition.Quality, 1, 100, nameof(rendition.Quality), "");
        errors.RequireRange(rendition.EmbedBinaryLimit, 1, MaxEmbedBytes, nameof(rendition.EmbedBinaryLimit), " bytes");
        errors.RequirePositive(rendition.JpegSize, nameof(rendition.JpegSize), "bytes");
        CheckDpi(errors, rendition.Dpi, nameof(rendition.Dpi));
        CheckDpi(errors, rendition.ConvertToDpi, nameof(rendition.ConvertToDpi));
        if (rendition.Xmp is { } xmp && !IsBase64(xmp))
        {
            errors.Add(nameof(rendition.Xmp), "must be base64.");
        }
    }

    private static void CheckDpi(ProcessRequestErrors errors, Dpi? dpi, string property)
    {
        // Also false for not-a-number.
        if (dpi is { } given && !(given.X > 0 && given.Y > 0 && given.X <= double.MaxValue && given.Y <= double.MaxValue))
        {
            errors.Add(property, Invariant($"must be greater than 0 dots per inch; it is {given.X} by {given.Y}."));
        }
    }

    private static void CheckTarget(ProcessRequestErrors errors, Rendition rendition)
    {
        if (rendition.Target is not { } target)
        {
            // Adobe's worker requires a target even for an embedded rendition, and sends no event without it.
            errors.Add(nameof(rendition.Target), "is required: a pre-signed URL to upload the rendition to.");
            return;
        }

        if (target.Url is not null)
        {
            errors.RequireSecure(target.Url, nameof(rendition.Target));
            return;
        }

        const string path = nameof(rendition.Target) + ".";
        if (target.Urls.Count == 0)
        {
            errors.Add(path + nameof(target.Urls), "must have at least one URL.");
        }

        for (int part = 0; part < target.Urls.Count; part++)
        {
            errors.RequireSecure(target.Urls[part], $"{path}{nameof(target.Urls)}[{part}]");
        }

        errors.RequirePositive(target.MinPartSize, path + nameof(target.MinPartSize), "bytes");
        if (target.MaxPartSize is not { } largest)
        {
            errors.Add(path + nameof(target.MaxPartSize), "is required when the target has parts.");
            return;
        }

        errors.RequirePositive(largest, path + nameof(target.MaxPartSize), "bytes");
        if (target.MinPartSize > largest)
        {
            errors.Add(path + nameof(target.MinPartSize), Invariant($"must not be greater than MaxPartSize ({largest} bytes); it is {target.MinPartSize}."));
        }

        // The only size that is known in advance. A decimal, because parts times bytes may overflow a long.
        if (largest > 0 && rendition.JpegSize is { } size && size > (decimal)largest * target.Urls.Count)
        {
            errors.Add(path + nameof(target.Urls), Invariant($"cannot hold the {size} bytes of JpegSize: {target.Urls.Count} parts of at most {largest} bytes."));
        }
    }

    /// <summary>Checks that no two renditions have the same target: they would overwrite each other.</summary>
    private static void CheckTargetsAreDistinct(ProcessRequestErrors errors, IReadOnlyList<Rendition> renditions)
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
                    errors.Add($"Renditions[{index}].Target", $"must not be the target of Renditions[{owner}]: each rendition needs its own target.");
                    break;
                }
            }
        }
    }

    private static void CheckFiles(ProcessRequestErrors errors, Rendition rendition)
    {
        IReadOnlyList<ArchiveFile> files = rendition.Files ?? [];
        if (files.Count == 0 && rendition.Format == RenditionFormat.Zip && rendition.Worker is null)
        {
            errors.Add(nameof(rendition.Files), "must have at least one file for an archive (zip).");
        }

        for (int index = 0; index < files.Count; index++)
        {
            errors.RequireSecure(files[index]?.Url, $"{nameof(rendition.Files)}[{index}].{nameof(ArchiveFile.Url)}", allowsData: true);
        }
    }

    private static void CheckWatermarkAndCrop(ProcessRequestErrors errors, Rendition rendition)
    {
        if (rendition.Watermark is { } watermark)
        {
            const string path = nameof(rendition.Watermark) + ".";
            errors.RequireSecure(watermark.Image, path + nameof(watermark.Image), allowsData: true);
            if (watermark.Scale is { } scale && !(scale is >= 0 and <= 1))
            {
                errors.Add(path + nameof(watermark.Scale), Invariant($"must be 0.0 to 1.0; it is {scale}."));
            }
        }

        if (rendition.Crop is { } crop)
        {
            const string path = nameof(rendition.Crop) + ".";
            errors.RequireRange(crop.X, 0, int.MaxValue, path + nameof(crop.X), " pixels");
            errors.RequireRange(crop.Y, 0, int.MaxValue, path + nameof(crop.Y), " pixels");
            errors.RequirePositive(crop.Width, path + nameof(crop.Width), "pixels");
            errors.RequirePositive(crop.Height, path + nameof(crop.Height), "pixels");
        }
    }

    private static bool IsBase64(string text)
    {
        string digits = text.TrimEnd('=');
        return text.Length > 0
            && text.Length % 4 == 0
            && text.Length - digits.Length <= 2
            && digits.All(static digit => digit is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '+' or '/');
    }
}
