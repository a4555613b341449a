namespace AssetCompute.Client.Authentication;

/// <summary>A refusal of the identity service, with its texts as received. Use them for comparison, not for messages.</summary>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Code">The field <c>error</c>, or null.</param>
/// <param name="Description">The field <c>error_description</c>, or null.</param>
internal readonly record struct ImsError(int Status, string? Code, string? Description)
{
    /// <summary>True if the same request may succeed later.</summary>
    public bool IsTransient => Status is 408 or 429 or >= 500;
}
