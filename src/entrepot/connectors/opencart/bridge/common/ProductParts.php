<?php
namespace OmsBridge;

/** The rows around a product: texts, codes, lists, maker and address. */
class ProductParts
{
    private $bridge;
    private $db;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
    }

    public function put($product_id, ProductPlan $plan)
    {
        $this->texts($product_id, $plan);
        foreach ($plan->codes as $code => $value) {
            $this->code($product_id, $code, $value);
        }
        if ($plan->categories !== null) {
            $this->replace('product_to_category', '`category_id`', $product_id, $plan->categories);
        }
        if ($plan->stores !== null) {
            $this->replace('product_to_store', '`store_id`', $product_id, $plan->stores);
        }
        if ($plan->images !== null) {
            $rows = array();
            foreach ($plan->images as $i => $image) {
                $rows[] = $this->db->quote($image) . ', ' . (int)$i;
            }
            $this->replace('product_image', '`image`, `sort_order`', $product_id, $rows);
        }
        if ($plan->attributes !== null) {
            $rows = array();
            foreach ($this->attributes($product_id, $plan) as $attribute_id => $texts) {
                foreach ($texts as $language_id => $text) {
                    $rows[] = (int)$attribute_id . ', ' . (int)$language_id . ', ' . $this->db->quote($text);
                }
            }
            $this->replace('product_attribute', '`attribute_id`, `language_id`, `text`', $product_id, $rows);
        }
    }

    /** The wanted attributes by id. A named one keeps its texts in other languages, and is told in all where it is new. */
    private function attributes($product_id, ProductPlan $plan)
    {
        $wanted = $plan->attributes;
        foreach ($plan->named as $attribute) {
            list($name, $texts) = $attribute;
            $id = $this->attribute($product_id, $name, array_keys($wanted), $plan->languages);
            $stored = $this->db->rows('SELECT `language_id`, `text` FROM ' . $this->db->table('product_attribute') . ' WHERE `product_id` = ' . (int)$product_id . ' AND `attribute_id` = ' . $id);
            foreach ($stored as $row) {
                $texts += array((int)$row['language_id'] => $row['text']);
            }
            $wanted[$id] = $texts + array_fill_keys($plan->languages, reset($texts));
        }
        return $wanted;
    }

    /** The id of an attribute by name: the product's own of several, and none that is taken; made when the shop has none. */
    private function attribute($product_id, $name, $taken, $languages)
    {
        $id = $this->db->value('SELECT d.`attribute_id` FROM ' . $this->db->table('attribute_description') . ' d LEFT JOIN ' . $this->db->table('product_attribute') . ' p'
            . ' ON p.`attribute_id` = d.`attribute_id` AND p.`product_id` = ' . (int)$product_id . ' WHERE d.`name` = ' . $this->db->quote($name)
            . ' AND d.`attribute_id` NOT IN (' . Db::ints($taken) . ') ORDER BY p.`product_id` IS NULL, d.`attribute_id` LIMIT 1');
        if ($id !== null) {
            return (int)$id;
        }
        $group = $this->db->value('SELECT MIN(`attribute_group_id`) FROM ' . $this->db->table('attribute_group'));
        if ($group === null) {
            $this->db->run('INSERT INTO ' . $this->db->table('attribute_group') . ' (`sort_order`) VALUES (0)');
            $group = $this->db->lastId();
            foreach ($languages as $language_id) {
                $this->db->run('INSERT INTO ' . $this->db->table('attribute_group_description') . ' (`attribute_group_id`, `language_id`, `name`) VALUES (' . (int)$group . ', ' . (int)$language_id . ", 'Attributes')");
            }
        }
        $this->db->run('INSERT INTO ' . $this->db->table('attribute') . ' (`attribute_group_id`, `sort_order`) VALUES (' . (int)$group . ', 0)');
        $id = $this->db->lastId();
        foreach ($languages as $language_id) {
            $this->db->run('INSERT INTO ' . $this->db->table('attribute_description') . ' (`attribute_id`, `language_id`, `name`) VALUES (' . $id . ', ' . (int)$language_id . ', ' . $this->db->quote($name) . ')');
        }
        return $id;
    }

    /** The id of a maker by name, made when the shop has none. */
    public function manufacturer($name)
    {
        if ($name === '') {
            return 0;
        }
        $table = $this->db->table('manufacturer');
        $id = $this->db->value('SELECT MIN(`manufacturer_id`) FROM ' . $table . ' WHERE `name` = ' . $this->db->quote($name));
        if ($id !== null) {
            return (int)$id;
        }
        $this->db->run('INSERT INTO ' . $table . " (`name`, `image`, `sort_order`) VALUES (" . $this->db->quote($name) . ", '', 0)");
        $id = $this->db->lastId();
        $this->db->run('INSERT INTO ' . $this->db->table('manufacturer_to_store') . ' (`manufacturer_id`, `store_id`) VALUES (' . $id . ', 0)');
        return $id;
    }

    /** A readable address: 4.x refuses to save a product in its admin without one. */
    public function address($product_id, $name, ProductPlan $plan)
    {
        $plain = html_entity_decode($name, ENT_QUOTES, 'UTF-8');
        $slug = trim(preg_replace('/[^a-z0-9]+/', '-', strtolower($plain)), '-');
        $keyword = ($slug === '' ? 'product' : substr($slug, 0, 40)) . '-' . (int)$product_id;
        $pair = $this->bridge->schema->hasColumn('seo_url', 'key');
        foreach ($plan->stores as $store_id) {
            foreach ($plan->languages as $language_id) {
                $this->db->run('INSERT INTO ' . $this->db->table('seo_url') . ' (`store_id`, `language_id`, ' . ($pair ? '`key`, `value`' : '`query`') . ', `keyword`) VALUES ('
                    . (int)$store_id . ', ' . (int)$language_id . ', ' . ($pair ? "'product_id', '" . (int)$product_id . "'" : "'product_id=" . (int)$product_id . "'")
                    . ', ' . $this->db->quote($keyword) . ')');
            }
        }
    }

    private function texts($product_id, ProductPlan $plan)
    {
        $table = $this->db->table('product_description');
        $there = $this->db->grouped('SELECT `language_id` FROM ' . $table . ' WHERE `product_id` = ' . (int)$product_id, 'language_id');
        foreach ($plan->languages as $language_id) {
            $where = ' WHERE `product_id` = ' . (int)$product_id . ' AND `language_id` = ' . (int)$language_id;
            if (isset($plan->names[$language_id])) {
                $name = $this->db->quote($plan->names[$language_id]);
                if (isset($there[$language_id])) {
                    // A page title that was only the old name follows the new one; one that was written by hand stays.
                    $this->db->run('UPDATE ' . $table . ' SET `meta_title` = IF(`meta_title` = `name`, ' . $name . ', `meta_title`), `name` = ' . $name . $where);
                } else {
                    $this->db->run('INSERT INTO ' . $table . ' (`product_id`, `language_id`, `name`, `description`, `tag`, `meta_title`, `meta_description`, `meta_keyword`) VALUES ('
                        . (int)$product_id . ', ' . (int)$language_id . ', ' . $name . ", '', '', " . $name . ", '', '')");
                }
            }
            if (isset($plan->descriptions[$language_id])) {
                $this->db->run('UPDATE ' . $table . ' SET `description` = ' . $this->db->quote($plan->descriptions[$language_id]) . $where);
            }
        }
    }

    /** OpenCart's upgrade wrote codes in lower case and its form writes them in upper case; either is the same code. */
    private function code($product_id, $code, $value)
    {
        $table = $this->db->table('product_code');
        $this->db->run('DELETE FROM ' . $table . ' WHERE `product_id` = ' . (int)$product_id . ' AND UPPER(`code`) = ' . $this->db->quote($code));
        if ($value !== '') {
            $this->db->run('INSERT INTO ' . $table . ' (`product_id`, `code`, `value`) VALUES (' . (int)$product_id . ', ' . $this->db->quote($code) . ', ' . $this->db->quote($value) . ')');
        }
    }

    private function replace($table, $columns, $product_id, $rows)
    {
        $this->db->run('DELETE FROM ' . $this->db->table($table) . ' WHERE `product_id` = ' . (int)$product_id);
        if ($rows) {
            $this->db->run('INSERT INTO ' . $this->db->table($table) . ' (`product_id`, ' . $columns . ') VALUES ('
                . implode('), (', array_map(function ($row) use ($product_id) {
                    return (int)$product_id . ', ' . $row;
                }, $rows)) . ')');
        }
    }
}
