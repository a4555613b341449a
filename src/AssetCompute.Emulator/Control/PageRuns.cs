using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Runs jobs for the page, with a separate client, journal and targets. The rules are the same as for jobs of the service.</summary>
internal sealed class PageRuns
{
    /// <summary>The photograph that is always available. The docs and the page show its credit.</summary>
    public const string Photograph = "photograph";

    private const string Folder = "emulator-page";
    private const string PhotographFile = "photograph.jpg";

    private readonly ConcurrentDictionary<Guid, string> _uploads = [];
    private readonly EmulatorParts _parts;

    public PageRuns(EmulatorParts parts)
    {
        _parts = parts;
        parts.Jobs.Changed += CleanUp;
    }

    /// <summary>Stores a file as a source for later runs.</summary>
    public async Task<string> UploadAsync(string name, string? contentType, Stream content, CancellationToken cancellationToken)
    {
        using var file = new MemoryStream();
        await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
        file.Position = 0;
        var id = Guid.NewGuid();
        var type = MediaTypes.IsVague(contentType) ? MediaTypes.OfFileName(name) ?? MediaTypes.Binary : contentType!;
        await _parts.Kept.KeepAsync(id, KeptFiles.Source, type, file, cancellationToken).ConfigureAwait(false);
        if (!_parts.Kept.Has(id, KeptFiles.Source))
        {
            throw new FormatException($"The file is empty, or has more than a quarter of the {_parts.Options.KeptBytes} bytes that the page keeps.");
        }

        _uploads[id] = name;
        return id.ToString("N");
    }

    /// <summary>Opens an available source: the photograph, an upload, or the source of a job.</summary>
    public (string Name, BlobHandle File)? Open(string? kept)
    {
        if (kept == Photograph)
        {
            var photograph = typeof(PageRuns).Assembly.GetManifestResourceStream(PhotographFile)!;
            return (PhotographFile, new("image/jpeg", photograph.Length, photograph));
        }

        return Guid.TryParseExact(kept, "N", out var id) && _parts.Kept.Open(id, KeptFiles.Source) is { } file ? (NameOf(id), file) : null;
    }

    /// <summary>Returns the errors of a request, each with its line in the text.</summary>
    public IReadOnlyList<(string Path, int Line, string Message)> Check(byte[] text)
    {
        JsonObject? request;
        try
        {
            request = JsonText.Read(text) as JsonObject;
        }
        catch (JsonException exception)
        {
            return [("", (int)(exception.LineNumber ?? 0) + 1, $"This is not JSON: {exception.Message.Split(" LineNumber")[0]}")];
        }

        if (request is null)
        {
            return [("", 1, "The body must be a JSON object.")];
        }

        var lines = JsonLines.Of(text);
        List<(string Path, int Line, string Message)> problems = [];
        void Add(string path, string message) => problems.Add((path, JsonLines.Find(lines, path), message));
        try
        {
            ProcessRequest.Check(Complete(request.DeepClone().AsObject(), static (_, _) => "http://127.0.0.1/", KeptOf(request)?.ToString()), _parts.Policy);
        }
        catch (FormatException exception)
        {
            Add(exception.Message.Split('\'') is [_, var path, ..] ? path : "", exception.Message);
        }

        if (KeptOf(request) is { } named)
        {
            using var source = Open(named.StringOf())?.File;
            if (source is null)
            {
                Add("source.kept", "This source is no longer kept.");
            }
        }

        foreach (var (index, rendition) in (request["renditions"] as JsonArray ?? []).OfType<JsonObject>().Index())
        {
            CheckInstructions(rendition, $"renditions[{index}]", Add);
        }

        return problems;
    }

    /// <summary>Runs a request.</summary>
    /// <exception cref="FormatException">The request is malformed, or its source is no longer available.</exception>
    public async Task<Job> RunAsync(JsonObject request, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        string? url = null;
        string Sign(string part, string permission) => _parts.Storage.CreateUrl($"{Folder}/{id:N}/{part}", permission, null, _parts.Origin()).AbsoluteUri;
        if (KeptOf(request) is { } kept)
        {
            var (name, file) = Open(kept.StringOf()) ?? throw new FormatException("'source.kept' is no longer kept.");
            using (file)
            {
                await _parts.Storage.PutAsync($"{Folder}/{id:N}/{KeptFiles.Source}", file.Content, file.ContentType, cancellationToken).ConfigureAwait(false);
            }

            url = Sign(KeptFiles.Source, UrlSigner.Read);
            request["source"]!["name"] ??= name;
        }

        try
        {
            var bytes = ProcessRequest.Check(Complete(request, Sign, url), _parts.Policy);
            _parts.Registrations.Register(_parts.PageClient);
            var job = new Job(_parts.PageClient.ClientId, Guid.NewGuid().ToString("N"), request, _parts.Options.TimeProvider.GetUtcNow()) { Id = id, RequestBytes = bytes };
            _parts.Jobs.Accept(job);
            return job;
        }
        catch
        {
            _parts.Storage.Remove($"{Folder}/{id:N}/{KeptFiles.Source}");
            throw;
        }
    }

    private static JsonNode? KeptOf(JsonObject request) => (request["source"] as JsonObject)?["kept"];

    /// <summary>Adds the URLs that the service needs to a request: of the kept source, and of each target that is not given.</summary>
    private static JsonObject Complete(JsonObject request, Func<string, string, string> sign, string? sourceUrl)
    {
        if (sourceUrl is not null && request["source"] is JsonObject source)
        {
            source.Remove("kept");
            source["url"] = sourceUrl;
        }

        foreach (var (index, rendition) in (request["renditions"] as JsonArray ?? []).OfType<JsonObject>().Index())
        {
            rendition["target"] ??= sign($"{index}", UrlSigner.Write);
        }

        return request;
    }

    private static void CheckInstructions(JsonObject rendition, string path, Action<string, string> add)
    {
        if (rendition["worker"] is not null)
        {
            return;
        }

        var format = (rendition["fmt"].StringOf() ?? MediaTypes.ExtensionOf(rendition["type"].StringOf()) ?? "").ToLowerInvariant();
        if (format.Length > 0 && !RenditionMaker.Makes(format))
        {
            add($"{path}.fmt", $"Format {format} is not supported.");
        }

        try
        {
            InstructionsReader.Read(format, rendition);
            InstructionsReader.WatermarkOf(rendition);
        }
        catch (RenditionFailure failure)
        {
            add(failure.Message.Split('\'') is [_, var field, ..] ? $"{path}.{field}" : $"{path}.watermark", failure.Message);
        }
    }

    private string NameOf(Guid id) => _uploads.GetValueOrDefault(id) ?? _parts.Jobs.History.Find(id)?.SourceName ?? "source";

    /// <summary>Removes what a run put into the storage. The page has its own copies.</summary>
    private void CleanUp(Job job)
    {
        if (job.ClientId == _parts.PageClient.ClientId && !job.IsOpen)
        {
            foreach (var part in job.Renditions.Select(rendition => $"{rendition.Index}").Append(KeptFiles.Source))
            {
                _parts.Storage.Remove($"{Folder}/{job.Id:N}/{part}");
            }
        }
    }
}
