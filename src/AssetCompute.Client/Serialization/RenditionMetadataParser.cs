using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Client.Serialization;

/// <summary>Reads metadata in both spellings. A known field of an unexpected kind is kept as it is, not an error.</summary>
internal static class RenditionMetadataParser
{
    [MethodImpl(HotPath.Options)]
    public static RenditionMetadata? Parse(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        long? size = null;
        string? sha1 = null;
        string? format = null;
        string? encoding = null;
        int? width = null;
        int? height = null;
        JsonObject? customFields = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Utf8JsonReader field = reader;
            bool known = false;
            if (reader.TextIs("repo:size"u8))
            {
                known = JsonFields.TryReadInt64(ref reader, out size);
            }
            else if (reader.TextIs("repo:sha1"u8))
            {
                known = JsonFields.TryReadString(ref reader, out sha1);
            }
            else if (reader.TextIs("dc:format"u8))
            {
                known = JsonFields.TryReadString(ref reader, out format);
            }
            else if (reader.TextIs("repo:encoding"u8))
            {
                known = JsonFields.TryReadString(ref reader, out encoding);
            }
            else if (reader.TextIs("tiff:imageWidth"u8) || reader.TextIs("tiff:ImageWidth"u8))
            {
                known = JsonFields.TryReadInt32(ref reader, out width);
            }
            else if (reader.TextIs("tiff:imageHeight"u8) || reader.TextIs("tiff:ImageLength"u8)
                || reader.TextIs("tiff:ImageHeight"u8) || reader.TextIs("tiff:imageLength"u8))
            {
                known = JsonFields.TryReadInt32(ref reader, out height);
            }

            if (!known)
            {
                reader = field;
                JsonFields.Keep(ref reader, ref customFields);
            }
        }

        return new RenditionMetadata
        {
            Size = size,
            Sha1 = sha1,
            Format = format,
            Encoding = encoding,
            ImageWidth = width,
            ImageHeight = height,
            CustomFields = customFields,
        };
    }
}
