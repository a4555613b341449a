using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AssetCompute.Client;

namespace Quickstart;

/// <summary>The folder that the renditions, their page and <c>result.json</c> are written to.</summary>
internal static class OutputFolder
{
    public const string PageName = "index.html";

    private const string ResultName = "result.json";

    /// <summary>Creates the folder and removes the files of an earlier run, so that old files are not mistaken for new ones.</summary>
    /// <exception cref="UserError">The folder is not writable.</exception>
    public static void Prepare(string folder) => Write(folder, () =>
    {
        Directory.CreateDirectory(folder);
        foreach (string name in RenditionRequests.Names.Concat([PageName, ResultName]))
        {
            File.Delete(Path.Combine(folder, name));
        }
    });

    /// <summary>Writes the renditions, the page and the result.</summary>
    /// <exception cref="UserError">The folder is not writable.</exception>
    public static void Save(string folder, QuickstartResult result) => Write(folder, () =>
    {
        foreach (RenditionOutcome rendition in result.Renditions)
        {
            if (rendition.Content is { } content)
            {
                File.WriteAllBytes(Path.Combine(folder, rendition.Name), content);
            }
        }

        using FileStream file = File.Create(Path.Combine(folder, ResultName));
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        ToJson(result).WriteTo(json);
        File.WriteAllText(Path.Combine(folder, PageName), ReportPage.Create(result));
    });

    private static JsonObject ToJson(QuickstartResult result) => new()
    {
        ["requestId"] = result.RequestId,
        ["photograph"] = result.Photograph.Name,
        ["succeeded"] = result.Succeeded,
        ["renditions"] = new JsonArray([.. result.Renditions.Select(ToJson)]),
    };

    private static JsonObject ToJson(RenditionOutcome rendition) => new()
    {
        ["name"] = rendition.Name,
        ["status"] = rendition.Status,
        ["width"] = rendition.Metadata?.ImageWidth,
        ["height"] = rendition.Metadata?.ImageHeight,
        ["bytes"] = rendition.Metadata?.Size,
        ["sha1"] = rendition.Metadata?.Sha1,
        ["format"] = rendition.Metadata?.Format,
        ["reason"] = (rendition.Event as RenditionFailed)?.Reason.Value,
        ["message"] = (rendition.Event as RenditionFailed)?.Message,
        ["problem"] = rendition.Problem,
        ["seconds"] = Math.Round(rendition.Elapsed.TotalSeconds, 3),
    };

    private static void Write(string folder, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The folder '{folder}' cannot be written: {exception.Message}", exception);
        }
    }
}
