using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Generates programs that make the renditions of a job again, for a shell and in C#.</summary>
internal static class JobPrograms
{
    /// <summary>The instructions whose properties in C# have the same name and a number or a Boolean as value.</summary>
    private static readonly string[] Properties = ["width", "height", "quality", "interlace", "jpegSize", "dpi", "convertToDpi", "embedBinaryLimit", "xmp"];

    /// <summary>Returns the source as a URL: the file that was kept, or the URL from the request.</summary>
    public static string SourceUrl(Job job, Uri endpoint, EmulatorParts parts) =>
        parts.Kept.Has(job.Id, KeptFiles.Source) ? new Uri(endpoint, $"/emulator/files/{job.Id:N}/{KeptFiles.Source}").AbsoluteUri : job.SourceUrl ?? "";

    public static string Curl(Job job, Uri endpoint, EmulatorParts parts)
    {
        var client = parts.Clients.All.First();
        var request = new JsonObject
        {
            ["source"] = new JsonObject { ["url"] = SourceUrl(job, endpoint, parts), ["name"] = job.SourceName },
            ["renditions"] = new JsonArray([.. job.Renditions.Select(rendition =>
            {
                var instructions = rendition.WithoutTarget();
                instructions["target"] = $"TARGET{rendition.Index}";
                return instructions;
            })]),
        };
        if (job.UserData is { } userData)
        {
            request["userData"] = userData.DeepClone();
        }

        // A quote in a name must not end the shell's quoted string.
        var json = Encoding.UTF8.GetString(JsonText.ToBytes(request, indented: true)).Replace("'", "'\\''", StringComparison.Ordinal);
        foreach (var rendition in job.Renditions)
        {
            json = json.Replace($"\"TARGET{rendition.Index}\"", $"\"'\"$(target copy-of-{job.Id:N}/{rendition.Index})\"'\"", StringComparison.Ordinal);
        }

        return $$"""
            emulator={{endpoint.AbsoluteUri.TrimEnd('/')}}
            token=$(curl -s $emulator/ims/token/v3 -d client_id={{client.ClientId}} -d client_secret={{Secret(client)}} -d grant_type=client_credentials -d scope=openid,AdobeID,asset_compute,event_receiver | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
            target() { curl -s $emulator/emulator/urls -d "{\"name\":\"$1\",\"permission\":\"write\"}" | sed 's/.*"url":"\([^"]*\)".*/\1/'; }
            call() { curl -s -H "Authorization: Bearer $token" -H "x-api-key: {{client.ClientId}}" -H "x-gw-ims-org-id: {{client.OrganizationId}}" -H "x-ims-org-id: {{client.OrganizationId}}" "$@"; }
            call -X POST $emulator/register
            call -X POST $emulator/process -d '{{json}}'

            """.ReplaceLineEndings("\n");
    }

    public static string CSharp(Job job, Uri endpoint, EmulatorParts parts)
    {
        var renditions = job.Renditions.Select(rendition =>
            $"    new FileRendition(Path.Combine(folder, {Literal($"{rendition.Index}-{FileName(rendition.Name)}")}), new Rendition {{ {Members(rendition.WithoutTarget())} }}),");
        return $$"""
            using System.Text.Json.Nodes;
            using AssetCompute.Client;

            var emulator = new Uri({{Literal(endpoint.AbsoluteUri)}});
            {{Client("emulator", parts.Clients.All.First())}}
            using var storage = new EmulatorAssetStorage(emulator);
            using var http = new HttpClient();
            var folder = Directory.CreateTempSubdirectory("renditions-").FullName;
            var source = Path.Combine(folder, {{Literal(FileName(job.SourceName))}});
            await File.WriteAllBytesAsync(source, await http.GetByteArrayAsync({{Literal(SourceUrl(job, endpoint, parts))}}));

            var renderer = new AssetRenderer(assetCompute.Jobs, storage);
            var result = await renderer.RenderAsync(source,
            [
            {{string.Join('\n', renditions)}}
            ]);
            foreach (var file in result.Files)
                Console.WriteLine(file.Event);
            Console.WriteLine(folder);

            """.ReplaceLineEndings("\n");
    }

    /// <summary>Generates the C# statement that creates a client of the emulator. A secret other than the well-known one is left out.</summary>
    public static string Client(string endpoint, EmulatorClient client) => client == EmulatorClient.WellKnown
        ? $"await using var assetCompute = AssetComputeClient.Create(options => options.UseEmulator({endpoint}));"
        : $$"""
            await using var assetCompute = AssetComputeClient.Create(options =>
            {
                options.UseEmulator({{endpoint}});
                options.OrganizationId = {{Literal(client.OrganizationId)}};
                options.ClientId = {{Literal(client.ClientId)}};
                options.ClientSecrets = ["…"];
            });
            """;

    private static string Members(JsonObject instructions)
    {
        List<string> members = [];
        var others = new JsonObject();
        foreach (var (name, value) in instructions)
        {
            var member = (name, value) switch
            {
                ("name", _) => $"Name = {Literal(FileName(value.StringOf() ?? "rendition"))}",
                ("fmt", JsonValue) when value.StringOf() is { } format => $"Format = {Literal(format)}",
                ("worker", JsonValue) => $"Worker = new Uri({Literal(value.StringOf() ?? "")})",
                ("userData", JsonObject) => $"UserData = JsonNode.Parse({Literal(value.ToJsonString())})!.AsObject()",
                ("crop", JsonObject crop) when Whole(crop["w"]) is { } width && Whole(crop["h"]) is { } height =>
                    $"Crop = new Crop {{ X = {Whole(crop["x"]) ?? "0"}, Y = {Whole(crop["y"]) ?? "0"}, Width = {width}, Height = {height} }}",
                ("watermark", JsonObject watermark) when watermark["image"].StringOf() is { } image =>
                    $"Watermark = new Watermark {{ Image = {Literal(image)}{(watermark["scale"].NumberOf() is { } scale ? string.Create(CultureInfo.InvariantCulture, $", Scale = {scale}") : "")} }}",
                _ when Properties.Contains(name, StringComparer.Ordinal) && value?.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False =>
                    $"{char.ToUpperInvariant(name[0])}{name[1..]} = {value.ToJsonString()}",
                ("xmp", JsonValue) when value.StringOf() is { } xmp => $"Xmp = {Literal(xmp)}",
                _ => null,
            };
            if (member is null)
            {
                others[name] = value?.DeepClone();
            }
            else
            {
                members.Add(member);
            }
        }

        if (others.Count > 0)
        {
            members.Add($"CustomFields = JsonNode.Parse({Literal(others.ToJsonString())})!.AsObject()");
        }

        return string.Join(", ", members);
    }

    private static string? Whole(JsonNode? node) => node.NumberOf() is { } number && double.IsInteger(number) ? number.ToString(CultureInfo.InvariantCulture) : null;

    private static string FileName(string name)
    {
        var file = string.Concat(Path.GetFileName(name).Where(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ' ')).Trim('.', ' ');
        return file.Length > 0 ? file : "file";
    }

    /// <summary>Formats a C# string literal. It is the same as in JSON, except for the escapes of lone surrogates.</summary>
    private static string Literal(string text) => JsonValue.Create(text).ToJsonString();

    private static string Secret(EmulatorClient client) => client == EmulatorClient.WellKnown ? client.ClientSecrets[0] : "$CLIENT_SECRET";
}
