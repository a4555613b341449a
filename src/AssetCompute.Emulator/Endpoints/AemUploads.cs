using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>AEM's direct binary upload (initiate, PUT the parts to signed URLs, complete), and the folders that uploaders create first.</summary>
internal sealed class AemUploads(EmulatorAem aem, EmulatorStorage storage, IBlobStore blobs)
{
    private const string Prefix = "aem-uploads/";
    private const long MinPartSize = 10L << 20;
    private const long MaxPartSize = 100L << 20;

    public async Task InitiateAsync(HttpContext context, string folder)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var (names, sizes) = (form["fileName"], form["fileSize"]);
        if (names.Count == 0 || names.Count != sizes.Count || sizes.Any(size => !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw new FormatException("'fileName' and 'fileSize' are required, each of them once for each file.");
        }

        var origin = context.Request.Origin();
        var files = names.Zip(sizes, (name, size) =>
        {
            AemPath.Check($"{folder}/{name}");
            var token = Guid.NewGuid().ToString("N");
            var parts = Math.Max(1, (long.Parse(size!, CultureInfo.InvariantCulture) + MaxPartSize - 1) / MaxPartSize);
            return (JsonNode)new JsonObject
            {
                ["fileName"] = name,
                ["mimeType"] = MediaTypes.OfFileName(name) ?? MediaTypes.Binary,
                ["uploadToken"] = token,
                ["uploadURIs"] = new JsonArray([.. Enumerable.Range(0, (int)Math.Min(parts, 10_000)).Select(part =>
                    JsonValue.Create(storage.CreateUrl(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{token}/{part:D5}"), UrlSigner.Write, null, origin).AbsoluteUri))]),
                ["minPartSize"] = MinPartSize,
                ["maxPartSize"] = MaxPartSize,
            };
        });
        await context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject
        {
            ["completeURI"] = $"{AemPath.UrlOf(folder)}.completeUpload.json",
            ["folderPath"] = folder,
            ["files"] = new JsonArray([.. files]),
        }).ConfigureAwait(false);
    }

    public async Task CompleteAsync(HttpContext context, string folder)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        string Field(string name) => form[name] is [{ Length: > 0 } value] ? value : throw new FormatException($"'{name}' is missing.");
        var (path, token) = ($"{folder}/{Field("fileName")}", Field("uploadToken"));
        AemPath.Check(path);
        var prefix = $"{Prefix}{(Guid.TryParseExact(token, "N", out var id) ? id : throw new FormatException("'uploadToken' is none.")):N}/";
        var parts = storage.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (parts.Count == 0)
        {
            throw new FormatException("Nothing was uploaded with this token.");
        }

        if (aem.Find(path) is not null && form["createVersion"] != "true" && form["replace"] != "true")
        {
            throw new Refusal(StatusCodes.Status409Conflict, "There is an asset of this name: set 'createVersion' or 'replace'.");
        }

        var whole = prefix + "whole";
        await storage.JoinAsync(whole, parts, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        using (var blob = blobs.Open(whole)!)
        {
            await aem.AddAssetAsync(path, blob.Content, form["mimeType"].FirstOrDefault(), cancellationToken: context.RequestAborted).ConfigureAwait(false);
        }

        storage.Remove(whole);
        await context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject { ["path"] = path }).ConfigureAwait(false);
    }

    /// <summary>Creates a folder. In the emulator, a folder exists as soon as it contains something. Uploaders may still create it first, but only once.</summary>
    public Task CreateFolderAsync(HttpContext context, string folder)
    {
        AemPath.Check(folder);
        var isThere = aem.Assets.Any(asset => AemPath.IsWithin(asset.Path, folder));
        return context.WriteJsonAsync(isThere ? StatusCodes.Status409Conflict : StatusCodes.Status201Created, new JsonObject { ["path"] = folder });
    }
}
