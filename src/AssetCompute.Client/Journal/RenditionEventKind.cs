namespace AssetCompute.Client.Journal;

internal enum RenditionEventKind : byte
{
    Other,
    Created,
    Failed,
}
