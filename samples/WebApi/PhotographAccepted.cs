namespace WebApi;

/// <summary>What the upload is answered with.</summary>
/// <param name="Id">The photograph's id, for its events and its files.</param>
internal sealed record PhotographAccepted(string Id);
