namespace WebApi;

/// <summary>The response to an upload.</summary>
/// <param name="Id">The id of the photograph, for its events and files.</param>
internal sealed record PhotographAccepted(string Id);
