using Microsoft.AspNetCore.Http.Metadata;

namespace AssetCompute.Emulator;

/// <summary>The maximum size in bytes of a request body.</summary>
internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata
{
    /// <summary>The limit for everything except blobs. A data URI of several megabytes is a valid source.</summary>
    public const long Default = 64L << 20;
}
