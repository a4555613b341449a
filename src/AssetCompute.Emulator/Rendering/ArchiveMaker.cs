using System.IO.Compression;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Makes <c>fmt=zip</c>: an archive of the files in the rendition's instructions.</summary>
internal sealed class ArchiveMaker(Downloader downloader, EmulatorRenderingOptions options)
{
    public async Task<RenditionContent> MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var files = FilesOf(rendition.Instructions);
        var path = workspace.PathOf(rendition.FileName);
        var archive = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, cancellationToken).ConfigureAwait(false);
        await using (archive.ConfigureAwait(false))
        {
            long total = 0;
            for (var i = 0; i < files.Count; i++)
            {
                var fetched = workspace.PathOf($"file{rendition.Index}-{i}");
                await downloader.FetchAsync(files[i].Source, fetched, cancellationToken).ConfigureAwait(false);
                total += new FileInfo(fetched).Length;
                if (total > options.MaxSourceBytes)
                {
                    throw RenditionFailure.SourceUnsupported($"The files have more than {options.MaxSourceBytes} bytes in all, which is the emulator's limit.");
                }

                await archive.CreateEntryFromFileAsync(fetched, files[i].Path, CompressionLevel.Optimal, cancellationToken).ConfigureAwait(false);
                File.Delete(fetched);
            }
        }

        return RenditionContent.OfFile(path, "application/zip");
    }

    private static List<(JsonNode Source, string Path)> FilesOf(JsonObject instructions)
    {
        if (instructions["files"] is not JsonArray { Count: > 0 } array)
        {
            throw RenditionFailure.Generic("'files' is missing or empty.");
        }

        var ignoreDuplicates = instructions["duplicate"].StringOf() == "ignore";
        var files = new List<(JsonNode Source, string Path)>();
        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < array.Count; i++)
        {
            var url = array[i].StringOf() ?? (array[i] as JsonObject)?["url"].StringOf()
                ?? throw RenditionFailure.Generic($"'files[{i}]' is neither a URL nor an object with one.");
            var path = CheckedPath((array[i] as JsonObject)?["path"].StringOf() ?? NameOf(url, i), i);
            if (paths.Add(path))
            {
                files.Add((array[i]!, path));
            }
            else if (!ignoreDuplicates)
            {
                throw RenditionFailure.Generic($"'files[{i}].path' is already in the archive: {path}");
            }
        }

        return files;
    }

    /// <summary>Returns a path that stays inside the folder that the archive is unpacked into, on every operating system.</summary>
    private static string CheckedPath(string path, int index)
    {
        var isHarmless = path.Length is > 0 and <= 1024
            && !path.Any(c => c is '\\' or ':' || char.IsControl(c))
            && path.Split('/').All(segment => segment is not ("" or "." or ".."));
        return isHarmless ? path : throw RenditionFailure.Generic($"'files[{index}].path' is not a path inside an archive.");
    }

    private static string NameOf(string url, int index) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && Path.GetFileName(Uri.UnescapeDataString(uri.AbsolutePath)) is { Length: > 0 } name
            ? name
            : $"file{index}";
}
