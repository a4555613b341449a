using System.Text.Json;

namespace AssetExport;

/// <summary>A file as Marketo describes it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Size">Its size in bytes; null where Marketo does not say.</param>
internal sealed record MarketoFile(long Id, long? Size)
{
    /// <summary>The first file of an answer; null where it has none.</summary>
    public static MarketoFile? ReadFirst(JsonElement answer) =>
        answer.TryGetProperty("result", out JsonElement result) && result.ValueKind == JsonValueKind.Array && result.GetArrayLength() > 0 && result[0].TryGetProperty("id", out JsonElement id)
            ? new MarketoFile(id.GetInt64(), result[0].TryGetProperty("size", out JsonElement size) && size.TryGetInt64(out long bytes) ? bytes : null)
            : null;
}
