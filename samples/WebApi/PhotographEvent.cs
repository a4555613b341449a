namespace WebApi;

/// <summary>An event for the browser.</summary>
/// <param name="Kind"><c>uploading</c>, <c>rendered</c>, <c>file</c>, <c>failed</c>, or finally <c>done</c>.</param>
/// <param name="Name">The rendition; null for the photograph.</param>
/// <param name="Bytes">The number of bytes so far.</param>
/// <param name="TotalBytes">The total number of bytes.</param>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
/// <param name="Why">The reason of a failure.</param>
internal sealed record PhotographEvent(string Kind, string? Name = null, long? Bytes = null, long? TotalBytes = null, int? Width = null, int? Height = null, string? Why = null);
