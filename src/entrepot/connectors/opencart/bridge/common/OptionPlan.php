<?php
namespace OmsBridge;

/** One wanted option of a product, checked. */
class OptionPlan
{
    private static $choices = array('select', 'radio', 'checkbox');
    private static $free = array('text', 'textarea', 'file', 'date', 'time', 'datetime');

    public $name;
    public $type;
    public $required;
    /** array(array('name', 'quantity', 'subtract', 'price' or null), …) */
    public $values = array();

    public static function of(Bridge $bridge, $fields)
    {
        if (!is_array($fields) || !isset($fields['name'])) {
            throw Refusal::invalid('options', 'malformed', 'Every option must be an object with a name.');
        }
        $plan = new self();
        $plan->name = Field::text($bridge, 'option_description', 'name', $fields['name'], 'options.name');
        $plan->type = isset($fields['type']) ? $fields['type'] : 'select';
        $plan->required = Field::flag($fields, 'required', 1);
        if ($plan->name === '' || !in_array($plan->type, array_merge(self::$choices, self::$free), true)) {
            throw Refusal::invalid('options', 'type', 'The option needs a name and a type of OpenCart.');
        }
        $seen = array();
        foreach ($plan->isChoice() && isset($fields['values']) ? (array)$fields['values'] : array() as $value) {
            $value = (array)$value;
            $name = Field::text($bridge, 'option_value_description', 'name', isset($value['name']) ? $value['name'] : null, 'options.values.name');
            if ($name === '' || isset($seen[$name])) {
                throw Refusal::invalid('options', 'values', 'Every value needs a name of its own.');
            }
            $seen[$name] = true;
            $plan->values[] = array(
                'name' => $name,
                'quantity' => Field::optionalNumber($value, 'quantity', 0),
                'subtract' => Field::flag($value, 'subtract', 1),
                'price' => isset($value['price']) ? Field::decimal($value['price'], 'options.values.price') : null,
            );
        }
        if ($plan->isChoice() && !$plan->values) {
            throw Refusal::invalid('options', 'values', 'An option of this type needs values.');
        }
        return $plan;
    }

    public function isChoice()
    {
        return in_array($this->type, self::$choices, true);
    }
}
