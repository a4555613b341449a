namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>Reads every field of a typed event, the caller's own data included.</summary>
internal static class EventFields
{
    public static long Touch(JournalEntry entry)
    {
        RenditionCreated created = (RenditionCreated)entry.Event;
        Rendition rendition = created.Rendition;
        RenditionMetadata metadata = created.Metadata;
        return entry.Position.Value!.Length
            + created.Type.Length
            + created.Date!.Value.Millisecond
            + created.RequestId.Length
            + created.Source!.Url.Length
            + created.UserData!["tenant"]!.GetValue<string>().Length
            + (created.CustomFields?.Count ?? 0)
            + (created.Data?.DataUri.Length ?? 0)
            + rendition.Name!.Length
            + rendition.Format!.Value.Value.Length
            + rendition.Width!.Value
            + rendition.Height!.Value
            + rendition.Quality!.Value
            + rendition.UserData!["path"]!.GetValue<string>().Length
            + (rendition.Target is null ? 1 : 0)
            + (rendition.CustomFields?.Count ?? 0)
            + metadata.Size!.Value
            + metadata.Sha1!.Length
            + metadata.Format!.Length
            + (metadata.Encoding?.Length ?? 0)
            + metadata.ImageWidth!.Value
            + metadata.ImageHeight!.Value
            + (metadata.CustomFields?.Count ?? 0);
    }
}
