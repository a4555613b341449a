using System.Text.Json.Nodes;

namespace AssetCompute.Client;

/// <summary>Options for rendering a file.</summary>
public class RenderOptions
{
    private static readonly TimeSpan s_longestUrlLifetime = TimeSpan.FromDays(365);

    /// <summary>The maximum time to wait for the service after it has accepted the request; over zero, up to 45 days, or infinite. Default: 1 hour.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the URLs for the service are valid; over zero, up to 365 days, and not longer than the storage can sign for. Default: twice
    /// <see cref="Timeout"/> plus 15 minutes, because a rendition may be requested twice. The storage's own default applies if there is no timeout, or if the
    /// storage cannot sign for that long (7 days on Amazon S3 and with a managed identity on Azure, and not longer than temporary credentials). A rendition
    /// that failed after its URLs had expired is requested once more, with new ones.
    /// </summary>
    public TimeSpan? UrlLifetime { get; set; }

    /// <summary>
    /// The maximum size of a rendition in bytes; over 0. Default: 5 GiB. A rendition that was too large for its first target is requested once more with a
    /// target of this size.
    /// </summary>
    public long MaxRenditionSize { get; set; } = 5L << 30;

    /// <summary>
    /// The MIME type of the source. Default: the type for the extension of its name, or else <c>application/octet-stream</c>, for which the service knows no
    /// format. Set it if the name has no known extension. It is always sent: without it, the service would ask the storage for the type, which has the same
    /// value.
    /// </summary>
    public string? SourceMimeType { get; set; }

    /// <summary>The user data of the request, echoed in its events. Default: none.</summary>
    public JsonObject? UserData { get; set; }

    /// <summary>
    /// The progress: bytes uploaded, renditions created or failed, bytes downloaded, and the totals of all files. Several renditions and files call it
    /// concurrently. Default: none.
    /// </summary>
    public IProgress<RenderProgress>? Progress { get; set; }

    internal virtual void Validate(string parameter)
    {
        Require(parameter, RenditionJobOptions.IsTimeout(Timeout), nameof(Timeout), Timeout, RenditionJobOptions.TimeoutRange);
        Require(parameter, UrlLifetime is null || (UrlLifetime > TimeSpan.Zero && UrlLifetime <= s_longestUrlLifetime), nameof(UrlLifetime), UrlLifetime, $"over zero, up to {s_longestUrlLifetime.Days} days");
        Require(parameter, MaxRenditionSize > 0, nameof(MaxRenditionSize), MaxRenditionSize, "over 0");
    }

    private protected void Require(string parameter, bool holds, string option, object? value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(parameter, value, $"{GetType().Name}.{option} must be {range}.");
        }
    }
}
