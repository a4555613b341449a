using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>The JSON of registrations in the state log and in the control endpoints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(NameConverter<EventForm>), typeof(NameConverter<AemEventKind>), typeof(NameConverter<EventRegistrationStatus>)])]
[JsonSerializable(typeof(EventRegistration))]
[JsonSerializable(typeof(EventRegistrationSettings))]
internal sealed partial class EventRegistrationJson : JsonSerializerContext;
