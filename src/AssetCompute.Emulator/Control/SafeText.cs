using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AssetCompute.Emulator;

/// <summary>Formats requests, events and bodies as text without keys and secrets, limited in length.</summary>
internal static partial class SafeText
{
    private const string Hidden = "***";
    private const int MostJson = 50_000;
    private const int MostDataUri = 80;

    /// <summary>Formats a body as text, indented if it is JSON; <see langword="null"/> if it was not kept.</summary>
    public static string? Of(CallBody body)
    {
        if (body.Content is not { } content)
        {
            return null;
        }

        try
        {
            return Of(JsonText.Read(content));
        }
        catch (JsonException)
        {
            return SecretField().Replace(Encoding.UTF8.GetString(content), $"$1={Hidden}");
        }
    }

    public static string Of(JsonNode? json)
    {
        var text = json is null ? "null" : Encoding.UTF8.GetString(JsonText.ToBytes(WithoutSecrets(json), indented: true));
        return text.Length > MostJson ? text[..MostJson] + "\n… and more" : text;
    }

    private static JsonNode WithoutSecrets(JsonNode json) => json switch
    {
        JsonObject @object => new JsonObject(@object.Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : IsSecret(member.Key) ? Hidden : WithoutSecrets(member.Value)))),
        JsonArray array => new JsonArray([.. array.Select(item => item is null ? null : WithoutSecrets(item))]),
        _ => json.StringOf() is { } text ? JsonValue.Create(Shown(text)) : json.DeepClone(),
    };

    private static bool IsSecret(string name) => name is "headers" or "token" or "access_token" or "refresh_token" or "client_secret" or "jwt_token" or "private_key";

    /// <summary>Signed URLs grant access, so only the part without the signature is shown. Long data URIs are cut.</summary>
    private static string Shown(string text)
    {
        if (DataUri.Is(text))
        {
            return text.Length <= MostDataUri ? text : $"{text[..MostDataUri]}… ({text.Length} characters)";
        }

        var isUrl = text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal);
        return isUrl && text.Contains('?', StringComparison.Ordinal) ? text[..text.IndexOf('?', StringComparison.Ordinal)] + $"?{Hidden}" : text;
    }

    [GeneratedRegex(@"(?<![A-Za-z0-9_])(sig|token|client_secret|jwt_token|access_token|refresh_token|private_key)=[^&\s""'<]*", RegexOptions.IgnoreCase)]
    private static partial Regex SecretField();
}
