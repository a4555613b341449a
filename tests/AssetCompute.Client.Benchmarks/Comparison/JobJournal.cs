using System.Globalization;
using System.Text.Json;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>The journal of one run of jobs: one event for each rendition of each accepted request, after a delay.</summary>
internal sealed class JobJournal
{
    /// <summary>The minimum time that a service takes. It also avoids the peer's race between the response and the first event.</summary>
    private static readonly TimeSpan s_work = TimeSpan.FromMilliseconds(500);

    private readonly List<byte[]> _entries = [];

    public int Count
    {
        get
        {
            lock (_entries)
            {
                return _entries.Count;
            }
        }
    }

    public static string Position(int number) => JournalPages.Position(number);

    public static int NumberOf(string position) => int.Parse(position.AsSpan("penguin:4f6d2b0e-9a51-4c0b-8a7d-".Length, 12), CultureInfo.InvariantCulture);

    public void Accept(ReadOnlyMemory<byte> body, string requestId)
    {
        List<byte[]> events = Events(body, requestId);
        _ = Task.Delay(s_work).ContinueWith(_ => Publish(events), TaskScheduler.Default);
    }

    /// <summary>The page after the event with a number, and the number of its last event; empty at the end.</summary>
    public (byte[] Page, int Last) After(int number)
    {
        lock (_entries)
        {
            int count = Math.Min(JournalPages.EventsPerPage, _entries.Count - number);
            if (count <= 0)
            {
                return ([], number);
            }

            using MemoryStream page = new();
            page.Write("""{"events":["""u8);
            for (int i = 0; i < count; i++)
            {
                page.Write(i == 0 ? ""u8 : ","u8);
                page.Write(_entries[number + i]);
            }

            page.Write("""],"_page":{"last":"penguin","count":500}}"""u8);
            return (page.ToArray(), number + count);
        }
    }

    private static List<byte[]> Events(ReadOnlyMemory<byte> body, string requestId)
    {
        using JsonDocument request = JsonDocument.Parse(body);
        List<byte[]> events = [];
        foreach (JsonElement rendition in request.RootElement.GetProperty("renditions").EnumerateArray())
        {
            using MemoryStream bytes = new();
            using (Utf8JsonWriter json = new(bytes))
            {
                json.WriteStartObject();
                json.WriteStartObject("rendition");
                foreach (JsonProperty field in rendition.EnumerateObject())
                {
                    if (!field.NameEquals("target"))
                    {
                        field.WriteTo(json);
                    }
                }

                json.WriteEndObject();
                json.WritePropertyName("metadata");
                json.WriteRawValue("""{"repo:size":182733,"repo:sha1":"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12","dc:format":"image/jpeg","tiff:imageWidth":1280,"tiff:imageHeight":853}""");
                json.WriteString("type", "rendition_created");
                json.WriteString("date", "2026-11-22T10:15:30.123Z");
                json.WriteString("requestId", requestId);
                json.WritePropertyName("source");
                request.RootElement.GetProperty("source").WriteTo(json);
                if (request.RootElement.TryGetProperty("userData", out JsonElement userData))
                {
                    json.WritePropertyName("userData");
                    userData.WriteTo(json);
                }

                json.WriteEndObject();
            }

            events.Add(bytes.ToArray());
        }

        return events;
    }

    private void Publish(List<byte[]> events)
    {
        lock (_entries)
        {
            foreach (byte[] json in events)
            {
                _entries.Add([.. """{"position":" """u8[..^1], .. System.Text.Encoding.ASCII.GetBytes(Position(_entries.Count + 1)), .. "\",\"event\":"u8, .. json, (byte)'}']);
            }
        }
    }
}
