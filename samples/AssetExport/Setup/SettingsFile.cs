using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetExport;

/// <summary>Writes settings to a JSON file that only its owner can read, because it contains secrets.</summary>
internal static class SettingsFile
{
    public static void Write(string path, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        JsonObject root = [];
        foreach ((string key, string? value) in settings)
        {
            Set(root, key.Split(':'), value);
        }

        // Renamed at the end, so that an existing file is never damaged.
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (FileStream file = new(temporary, options))
            using (Utf8JsonWriter writer = new(file, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                root.WriteTo(writer);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Set(JsonObject parent, string[] key, string? value)
    {
        if (key.Length == 1)
        {
            parent[key[0]] = value;
        }
        else
        {
            parent[key[0]] ??= new JsonObject();
            Set(parent[key[0]]!.AsObject(), key[1..], value);
        }
    }
}
