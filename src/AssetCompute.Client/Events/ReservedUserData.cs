namespace AssetCompute.Client;

/// <summary>
/// What clients of the service put under the reserved key <c>assetComputeClient</c> of user data, to recognise their events by.
/// </summary>
/// <remarks>
/// Source: Adobe's Node client, which puts <c>id</c> into the user data of the request, <c>index</c> and <c>length</c> into that of each
/// rendition. <c>request</c> is ours: the request id as the client sent it.
/// </remarks>
internal static class ReservedUserData
{
    public const string Key = "assetComputeClient";
    public const string Id = "id";
    public const string Index = "index";
    public const string Length = "length";
    public const string Request = "request";

    public static ReadOnlySpan<byte> KeyUtf8 => "assetComputeClient"u8;

    public static ReadOnlySpan<byte> IndexUtf8 => "index"u8;

    public static ReadOnlySpan<byte> RequestUtf8 => "request"u8;
}
