namespace WebApi;

/// <summary>Something that the browser shows.</summary>
/// <param name="Kind"><c>uploading</c>, <c>rendered</c>, <c>file</c>, <c>failed</c>, or at last <c>done</c>.</param>
/// <param name="Name">The rendition; null for the photograph.</param>
/// <param name="Bytes">How many bytes it is about.</param>
/// <param name="TotalBytes">How many there will be.</param>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
/// <param name="Why">Why it failed.</param>
internal sealed record PhotographEvent(string Kind, string? Name = null, long? Bytes = null, long? TotalBytes = null, int? Width = null, int? Height = null, string? Why = null);
