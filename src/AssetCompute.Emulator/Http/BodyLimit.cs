using Microsoft.AspNetCore.Http.Metadata;

namespace AssetCompute.Emulator;

/// <summary>The most bytes that an endpoint takes as a request's body.</summary>
internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata
{
    /// <summary>Everything that is not a blob. A data URI of megabytes is a proper source.</summary>
    public const long Default = 64L << 20;
}
