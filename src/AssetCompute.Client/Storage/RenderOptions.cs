using System.Text.Json.Nodes;

namespace AssetCompute.Client;

/// <summary>How files are rendered.</summary>
public sealed class RenderOptions
{
    private static readonly TimeSpan s_longestUrlLifetime = TimeSpan.FromDays(365);

    /// <summary>The longest time to wait for the service, once it has accepted the request; over zero up to 45 days, or infinite. Default: 1 hour.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the URLs work that the service gets; over zero up to 365 days, and not longer than the storage can sign for. Default: twice <see cref="Timeout"/> and 15 minutes, because a rendition may be requested twice; the storage's own default
    /// where there is no timeout, or where the storage cannot sign for so long (7 days on Amazon S3 and with a managed identity on Azure, and no longer than temporary credentials). A rendition that failed after its URLs had expired is asked for once more, with new ones.
    /// </summary>
    public TimeSpan? UrlLifetime { get; set; }

    /// <summary>
    /// How many bytes a rendition may have at most; over 0. Default: 5 GiB. It is the size of the target with which a rendition that was too large for its first one is asked for
    /// once more.
    /// </summary>
    public long MaxRenditionSize { get; set; } = 5L << 30;

    /// <summary>
    /// The MIME type of the source. Default: what the extension of its name says, or else <c>application/octet-stream</c>, with which the service knows no format: set it for a name that
    /// says nothing. It is always sent, for without it the service asks the storage for the type, and what the storage has is this one.
    /// </summary>
    public string? SourceMimeType { get; set; }

    /// <summary>The user data of the request, echoed in its events. Default: none.</summary>
    public JsonObject? UserData { get; set; }

    /// <summary>True to leave the source and the renditions in the storage. Default: false, both are removed, also after a failure.</summary>
    public bool KeepInStorage { get; set; }

    /// <summary>The longest time that the removing from the storage may take, also after a cancellation; over zero. Default: 30 seconds.</summary>
    public TimeSpan CleanupTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The progress: bytes uploaded, renditions made or failed, bytes downloaded. Called by several renditions at once. Default: none.</summary>
    public IProgress<RenderProgress>? Progress { get; set; }

    internal void Validate(string parameter)
    {
        Require(parameter, RenditionJobOptions.IsTimeout(Timeout), nameof(Timeout), Timeout, RenditionJobOptions.TimeoutRange);
        Require(parameter, UrlLifetime is null || (UrlLifetime > TimeSpan.Zero && UrlLifetime <= s_longestUrlLifetime), nameof(UrlLifetime), UrlLifetime, $"over zero, up to {s_longestUrlLifetime.Days} days");
        Require(parameter, MaxRenditionSize > 0, nameof(MaxRenditionSize), MaxRenditionSize, "over 0");
        Require(parameter, CleanupTimeout > TimeSpan.Zero && CleanupTimeout <= TimeSpan.FromDays(1), nameof(CleanupTimeout), CleanupTimeout, "over zero, up to a day");
    }

    internal static void Require(string parameter, bool holds, string option, object? value, string range, string options = nameof(RenderOptions))
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(parameter, value, $"{options}.{option} must be {range}.");
        }
    }
}
