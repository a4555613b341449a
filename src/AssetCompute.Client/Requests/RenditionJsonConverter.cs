using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>A known field whose value is of an unexpected kind is kept among the custom fields: an event of another client must not fail for it.</summary>
internal sealed class RenditionJsonConverter : JsonConverter<Rendition>
{
    public override Rendition? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Rendition value, JsonSerializerOptions options) => Write(writer, value);

    public static Rendition Read(ref Utf8JsonReader reader) => Read(ref reader, own: default);

    /// <param name="reader">Stands at the first token.</param>
    /// <param name="own">The bytes that the reader reads, where they stay as they are; empty otherwise.</param>
    [MethodImpl(HotPath.Options)]
    public static Rendition Read(ref Utf8JsonReader reader, ArraySegment<byte> own)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A rendition is an object.");
        }

        string? name = null;
        string? format = null;
        string? duplicate = null;
        string? xmp = null;
        Uri? worker = null;
        RenditionTarget? target = null;
        DeferredJsonObject? userData = null;
        int? embedBinaryLimit = null;
        int? width = null;
        int? height = null;
        int? quality = null;
        long? jpegSize = null;
        bool? interlace = null;
        Dpi? dpi = null;
        Dpi? convertToDpi = null;
        List<ArchiveFile>? files = null;
        Watermark? watermark = null;
        Crop? crop = null;
        JsonObject? customFields = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Utf8JsonReader field = reader;
            bool known = reader.TextIs("name"u8) ? JsonFields.TryReadShared(ref reader, JsonFields.Names, out name)
                : reader.TextIs("fmt"u8) ? JsonFields.TryReadShared(ref reader, JsonFields.Names, out format)
                : reader.TextIs("worker"u8) ? TryReadUri(ref reader, out worker)
                : reader.TextIs("target"u8) ? TryReadTarget(ref reader, out target)
                : reader.TextIs("userData"u8) ? DeferredJsonObject.TryRead(ref reader, own, out userData)
                : reader.TextIs("embedBinaryLimit"u8) ? JsonFields.TryReadInt32(ref reader, out embedBinaryLimit)
                : reader.TextIs("width"u8) ? JsonFields.TryReadInt32(ref reader, out width)
                : reader.TextIs("height"u8) ? JsonFields.TryReadInt32(ref reader, out height)
                : reader.TextIs("quality"u8) ? JsonFields.TryReadInt32(ref reader, out quality)
                : reader.TextIs("xmp"u8) ? JsonFields.TryReadString(ref reader, out xmp)
                : reader.TextIs("interlace"u8) ? JsonFields.TryReadBoolean(ref reader, out interlace)
                : reader.TextIs("jpegSize"u8) ? JsonFields.TryReadInt64(ref reader, out jpegSize)
                : reader.TextIs("dpi"u8) ? TryReadDpi(ref reader, out dpi)
                : reader.TextIs("convertToDpi"u8) ? TryReadDpi(ref reader, out convertToDpi)
                : reader.TextIs("files"u8) ? JsonFields.TryReadList(ref reader, ArchiveFileJsonConverter.Read, out files)
                : reader.TextIs("duplicate"u8) ? JsonFields.TryReadString(ref reader, out duplicate)
                : reader.TextIs("watermark"u8) ? TryReadWatermark(ref reader, out watermark)
                : reader.TextIs("crop"u8) && TryReadCrop(ref reader, out crop);
            if (!known)
            {
                reader = field;
                JsonFields.Keep(ref reader, ref customFields);
            }
        }

        return new Rendition
        {
            Name = name,
            Format = string.IsNullOrEmpty(format) ? default(RenditionFormat?) : new RenditionFormat(format!),
            Worker = worker,
            Target = target,
            DeferredUserData = userData,
            EmbedBinaryLimit = embedBinaryLimit,
            Width = width,
            Height = height,
            Quality = quality,
            Xmp = xmp,
            Interlace = interlace,
            JpegSize = jpegSize,
            Dpi = dpi,
            ConvertToDpi = convertToDpi,
            Files = files,
            Duplicate = string.IsNullOrEmpty(duplicate) ? default(DuplicateHandling?) : new DuplicateHandling(duplicate!),
            Watermark = watermark,
            Crop = crop,
            CustomFields = customFields,
        };
    }

    /// <param name="writer">Where to.</param>
    /// <param name="value">The rendition.</param>
    /// <param name="request">The request that it belongs to; null where it stands by itself.</param>
    /// <param name="index">Its place in the request.</param>
    public static void Write(Utf8JsonWriter writer, Rendition value, ProcessRequest? request = null, int index = 0)
    {
        writer.WriteStartObject();
        JsonFields.Write(writer, "name"u8, value.Name);
        JsonFields.Write(writer, "fmt"u8, value.Format?.Value);
        JsonFields.Write(writer, "worker"u8, value.Worker?.OriginalString);
        if (value.Target is { } target)
        {
            writer.WritePropertyName("target"u8);
            RenditionTargetJsonConverter.Write(writer, target);
        }

        if (request?.MarkedBy is not null)
        {
            ReservedUserData.WriteMarked(writer, value.UserData, index, request.Renditions.Count, request.RequestId);
        }
        else
        {
            JsonFields.Write(writer, "userData"u8, value.UserData);
        }

        JsonFields.Write(writer, "embedBinaryLimit"u8, value.EmbedBinaryLimit);
        JsonFields.Write(writer, "width"u8, value.Width);
        JsonFields.Write(writer, "height"u8, value.Height);
        JsonFields.Write(writer, "quality"u8, value.Quality);
        JsonFields.Write(writer, "xmp"u8, value.Xmp);
        if (value.Interlace is { } interlace)
        {
            writer.WriteBoolean("interlace"u8, interlace);
        }

        JsonFields.Write(writer, "jpegSize"u8, value.JpegSize);
        WriteDpi(writer, "dpi"u8, value.Dpi);
        WriteDpi(writer, "convertToDpi"u8, value.ConvertToDpi);
        if (value.Files is { } files)
        {
            writer.WriteStartArray("files"u8);
            for (int i = 0; i < files.Count; i++)
            {
                ArchiveFileJsonConverter.Write(writer, files[i]);
            }

            writer.WriteEndArray();
        }

        JsonFields.Write(writer, "duplicate"u8, value.Duplicate?.Value);
        if (value.Watermark is { } watermark)
        {
            writer.WritePropertyName("watermark"u8);
            WatermarkJsonConverter.Write(writer, watermark);
        }

        if (value.Crop is { } crop)
        {
            writer.WritePropertyName("crop"u8);
            CropJsonConverter.Write(writer, crop);
        }

        JsonFields.Write(writer, value.CustomFields);
        writer.WriteEndObject();
    }

    private static void WriteDpi(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Dpi? value)
    {
        if (value is { } dpi)
        {
            writer.WritePropertyName(name);
            DpiJsonConverter.Write(writer, dpi);
        }
    }

    private static bool TryReadUri(ref Utf8JsonReader reader, out Uri? value)
    {
        value = null;
        return JsonFields.TryReadString(ref reader, out string? text) && (text is null || Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out value));
    }

    private static bool TryReadTarget(ref Utf8JsonReader reader, out RenditionTarget? value)
    {
        reader.Read();
        value = RenditionTargetJsonConverter.Read(ref reader);
        return true;
    }

    private static bool TryReadDpi(ref Utf8JsonReader reader, out Dpi? value)
    {
        reader.Read();
        value = reader.TokenType is JsonTokenType.Number or JsonTokenType.StartObject ? DpiJsonConverter.Read(ref reader) : null;
        return value is not null || reader.TokenType == JsonTokenType.Null;
    }

    private static bool TryReadWatermark(ref Utf8JsonReader reader, out Watermark? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.StartObject ? WatermarkJsonConverter.Read(ref reader) : null;
        return value is not null || reader.TokenType == JsonTokenType.Null;
    }

    private static bool TryReadCrop(ref Utf8JsonReader reader, out Crop? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.StartObject ? CropJsonConverter.Read(ref reader) : null;
        return value is not null || reader.TokenType == JsonTokenType.Null;
    }
}
