using System.Reflection;

namespace AssetCompute.Client.PackageTests.PublicFace;

/// <summary>Types as text, much as C# writes them.</summary>
internal static class TypeText
{
    private static readonly Dictionary<string, string> s_keywords = new(StringComparer.Ordinal)
    {
        ["System.Void"] = "void",
        ["System.Boolean"] = "bool",
        ["System.Byte"] = "byte",
        ["System.Char"] = "char",
        ["System.Decimal"] = "decimal",
        ["System.Double"] = "double",
        ["System.Single"] = "float",
        ["System.Int32"] = "int",
        ["System.Int64"] = "long",
        ["System.Object"] = "object",
        ["System.String"] = "string",
        ["System.UInt32"] = "uint",
        ["System.UInt64"] = "ulong",
    };

    /// <summary>What a type is and stands on.</summary>
    public static string HeadOf(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => IsRecord(type) ? "record struct" : "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            _ when IsDelegate(type) => "delegate",
            _ => (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (IsRecord(type) ? "record" : "class"),
        };
        IEnumerable<string> bases = new[] { type.BaseType }
            .Where(ancestor => ancestor is not null && ancestor.FullName is not ("System.Object" or "System.ValueType" or "System.Enum" or "System.MulticastDelegate"))
            .Concat(InterfacesOf(type))
            .Select(ancestor => Of(ancestor!));
        string standsOn = string.Join(", ", bases);
        return $"{kind} {Of(type)}{(standsOn.Length > 0 ? " : " + standsOn : "")}";
    }

    /// <summary>A type without nullability.</summary>
    public static string Of(Type type) => Of(type, nullability: null);

    /// <summary>A type with what is known of null.</summary>
    public static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, nullability);
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!, nullability?.ElementType) + "[]" + Mark(nullability);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition().FullName == "System.Nullable`1")
        {
            return Of(type.GetGenericArguments()[0]) + "?";
        }

        string mark = type.IsValueType ? "" : Mark(nullability);
        if (type.IsGenericParameter)
        {
            return type.Name + mark;
        }

        string name = type.IsNested ? $"{Of(type.DeclaringType!)}.{type.Name}" : type.FullName ?? $"{type.Namespace}.{type.Name}";
        if (s_keywords.TryGetValue(name, out string? keyword))
        {
            return keyword + mark;
        }

        if (!type.IsGenericType)
        {
            return name + mark;
        }

        Type[] arguments = type.GetGenericArguments();
        NullabilityInfo[] inner = nullability?.GenericTypeArguments ?? [];
        string plain = $"{type.Namespace}.{type.Name.Split('`')[0]}";
        return $"{plain}<{string.Join(", ", arguments.Select((argument, i) => Of(argument, i < inner.Length ? inner[i] : null)))}>{mark}";
    }

    public static bool IsDelegate(Type type) => type.BaseType?.FullName == "System.MulticastDelegate";

    /// <summary>A record has a method that no one can write: PrintMembers with the signature of the compiler's.</summary>
    public static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly) is not null;

    private static IEnumerable<Type> InterfacesOf(Type type)
    {
        Type[] inherited = type.BaseType?.GetInterfaces() ?? [];
        return type.GetInterfaces()
            .Where(face => !type.IsEnum && face.IsPublic && !inherited.Contains(face) && !(face.Name == "IEquatable`1" && IsRecord(type)))
            .OrderBy(face => face.FullName, StringComparer.Ordinal);
    }

    private static string Mark(NullabilityInfo? nullability) => nullability?.ReadState == NullabilityState.Nullable || nullability?.WriteState == NullabilityState.Nullable ? "?" : "";
}
